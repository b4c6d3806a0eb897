package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.failure.CallFailed;
import io.javalin.http.Context;
import java.io.IOException;

/** What a route does. */
interface Service {
    /**
     * Answers a request, and tells the audit context how it ended.
     *
     * @throws CallFailed when the request is refused; the server then answers and tells the audit context
     */
    void serve(Context ctx, AuditContext audit) throws IOException;
}
