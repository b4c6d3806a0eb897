package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.http.HttpException;

/** Reads the body of a request, up to a bound. */
final class JsonBody {
    /** The largest body of a single call in bytes. Metadata may take 16 KiB of it. */
    private static final int LARGEST = 64 << 10;

    /**
     * How many bytes of a body that is too large are read and discarded. If the server closes the connection while a
     * caller still sends, the caller may lose the answer that says why. Callers who send more than this may lose it.
     */
    private static final int DISCARDED = 16 << 20;

    private static final String READ = JsonBody.class.getName();

    private JsonBody() {}

    /**
     * Reads the whole body.
     *
     * @param weight as how many calls it counts; it may be so many times as large
     * @throws CallFailed {@link ErrorCode#UNSUPPORTED_MEDIA_TYPE}, {@link ErrorCode#TOO_LARGE} or
     *     {@link ErrorCode#BAD_REQUEST}
     */
    static byte[] read(Context ctx, int weight) {
        int largest = weight * LARGEST;
        String type = ctx.contentType();
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new CallFailed(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON; send Content-Type: application/json.");
        }
        long announced = ctx.req().getContentLengthLong();
        if (announced > DISCARDED) throw tooLarge(largest);
        try (InputStream in = ctx.req().getInputStream()) {
            if (announced <= largest) {
                // A body in chunks announces no length. One byte more than it may have shows that it is too large.
                byte[] bytes = in.readNBytes(announced < 0 ? largest + 1 : (int) announced);
                if (bytes.length < announced) throw cutOff();
                if (bytes.length <= largest && in.read() < 0) {
                    ctx.attribute(READ, true);
                    return bytes;
                }
            }
            discard(in);
        } catch (IOException | HttpException.RuntimeException e) {
            throw cutOff();
        }
        throw tooLarge(largest);
    }

    /** Whether no byte of the body of a request is left to read. */
    static boolean isRead(Context ctx) {
        if (ctx.attribute(READ) != null) return true;
        return ctx.req().getContentLengthLong() <= 0 && ctx.header("Transfer-Encoding") == null;
    }

    private static void discard(InputStream in) throws IOException {
        byte[] buffer = new byte[16 << 10];
        int n = 0;
        for (int total = 0; n >= 0 && total < DISCARDED; total += n) n = in.read(buffer);
    }

    private static CallFailed cutOff() {
        return new CallFailed(
                ErrorCode.BAD_REQUEST,
                "The body was cut off, or its length differs from Content-Length; send it again.");
    }

    private static CallFailed tooLarge(int largest) {
        return new CallFailed(
                ErrorCode.TOO_LARGE,
                "The body is over " + (largest >> 10) + " KiB; "
                        + (largest > LARGEST
                                ? "send fewer items, or larger parts."
                                : "the value itself goes to the upload URL."));
    }
}
