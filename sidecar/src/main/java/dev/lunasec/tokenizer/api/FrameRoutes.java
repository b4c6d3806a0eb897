package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.frame.FrameFile;
import dev.lunasec.frame.FrameFiles;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.frame.FramePage;
import dev.lunasec.tokenizer.frame.FrameRequest;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page of the secure frame and the files that browsers get, without credentials. All of it is in memory, so an
 * answer costs no more than that of a {@link PublicRoute}.
 */
final class FrameRoutes {
    /** The routes, which all take {@code GET} and {@code HEAD}. */
    static final List<String> PATHS = List.of(HttpPaths.FRAME, HttpPaths.FRAME_FILE, HttpPaths.COMPONENTS);

    private static final String FILES = HttpPaths.FRAME_FILE.substring(0, HttpPaths.FRAME_FILE.indexOf('{'));

    /** An encoding of the header {@code Accept-Encoding}, unless its weight says never. */
    private static final Pattern GZIP =
            Pattern.compile("\\s*gzip\\s*(;\\s*q=(1(\\.0*)?|0\\.0*[1-9]\\d*)\\s*)?", Pattern.CASE_INSENSITIVE);

    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String RESOURCE_POLICY = "Cross-Origin-Resource-Policy";

    private final FramePage page;
    private final FrameFiles files;

    FrameRoutes(FramePage page) {
        this.page = page;
        this.files = page.files();
    }

    /** Whether a path that some route matches is one of these. */
    static boolean has(String path) {
        return path.equals(HttpPaths.COMPONENTS) || path.equals(HttpPaths.FRAME) || path.startsWith(FILES);
    }

    void addTo(RoutesConfig routes) {
        add(routes, HttpPaths.FRAME, this::page);
        add(routes, HttpPaths.FRAME_FILE, this::pageFile);
        add(routes, HttpPaths.COMPONENTS, this::components);
    }

    private static void add(RoutesConfig routes, String path, Consumer<Context> answer) {
        Answers.addReadable(routes, path, ctx -> {
            try {
                answer.accept(ctx);
            } catch (CallFailed failed) {
                Answers.refuse(ctx, failed);
            }
            Answers.send(ctx);
        });
    }

    private void page(Context ctx) {
        FrameRequest request = new FrameRequest(
                SessionRoutes.query(ctx, "n"),
                SessionRoutes.query(ctx, "origin"),
                SessionRoutes.query(ctx, "component"));
        FramePage.Answer answer = page.answer(request);
        Answers.prepare(ctx, 200, "text/html;charset=utf-8", answer.html());
        answer.headers().forEach(ctx::header);
    }

    /**
     * A file of the frame's own page. While pods are replaced, a page of the other version may ask this one. It gets no
     * file then, because files of two versions do not fit together, and the browser would keep what it gets for a year.
     */
    private void pageFile(Context ctx) {
        if (!ctx.pathParam("hash").equals(files.hash())) throw noSuchFile();
        FrameFile file = files.file("page/" + ctx.pathParam("file")).orElseThrow(FrameRoutes::noSuchFile);
        prepare(ctx, file, acceptsGzip(ctx));
        ctx.header(CACHE_CONTROL, "public, max-age=31536000, immutable");
        ctx.header(RESOURCE_POLICY, "same-origin");
    }

    /** A script for pages of every origin: a browser loads module scripts of another origin only with CORS. */
    private void components(Context ctx) {
        FrameFile file = files.file(FrameFiles.COMPONENTS).orElseThrow();
        boolean gzip = acceptsGzip(ctx);
        // The two encodings of a file are not the same bytes, so each has its own tag.
        String tag = '"' + file.digest() + (gzip ? "-gzip" : "") + '"';
        if (names(ctx.header("If-None-Match"), tag)) Answers.prepare(ctx, 304, file.contentType(), new byte[0]);
        else prepare(ctx, file, gzip);
        ctx.header(CACHE_CONTROL, "public, max-age=300");
        ctx.header("ETag", tag);
        ctx.header("Access-Control-Allow-Origin", "*");
        ctx.header(RESOURCE_POLICY, "cross-origin");
    }

    private static void prepare(Context ctx, FrameFile file, boolean gzip) {
        if (gzip) ctx.header("Content-Encoding", "gzip");
        Answers.prepare(ctx, 200, file.contentType(), gzip ? file.compressed() : file.content());
    }

    /** Whether the browser accepts compressed files. The answer tells caches that it depends on this. */
    private static boolean acceptsGzip(Context ctx) {
        ctx.header("Vary", "Accept-Encoding");
        String header = ctx.header("Accept-Encoding");
        return header != null
                && Arrays.stream(header.split(","))
                        .anyMatch(each -> GZIP.matcher(each).matches());
    }

    private static CallFailed noSuchFile() {
        return new CallFailed(
                ErrorCode.NO_SUCH_ROUTE,
                "This version of the tokenizer has no such file; load the page of the frame again.");
    }

    /** Whether the header {@code If-None-Match} names a tag; the comparison is the weak one. */
    private static boolean names(@Nullable String header, String tag) {
        if (header == null) return false;
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .anyMatch(
                        each -> each.equals("*") || each.replaceFirst("^W/", "").equals(tag));
    }
}
