package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import io.javalin.config.RoutesConfig;

/** What the server answers to requests for which it has no route. */
final class OtherRequests {
    private OtherRequests() {}

    static void addTo(RoutesConfig routes) {
        routes.error(
                404,
                ctx -> Answers.refuseUnlessAnswered(
                        ctx, ErrorCode.NO_SUCH_ROUTE, "This route does not exist; POST to /tokenize or /detokenize."));
        routes.error(405, ctx -> {
            boolean isGet = isGet(ctx.path().replaceAll("/+", "/"));
            String method = isGet ? "GET" : "POST";
            ctx.header("Allow", isGet ? "GET, HEAD" : method);
            Answers.refuseUnlessAnswered(
                    ctx,
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "This route takes " + method + " only; call it with " + method + ".");
        });
    }

    private static boolean isGet(String path) {
        return PublicRoute.has(path) || SessionRoutes.BY_PATH.containsKey(path) || FrameRoutes.has(path);
    }
}
