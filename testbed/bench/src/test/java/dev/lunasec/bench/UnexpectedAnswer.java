package dev.lunasec.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An answer with another status than 200: what was measured until then means nothing. */
final class UnexpectedAnswer extends IOException {
    private static final int MOST = 300;

    UnexpectedAnswer(KeepAliveConnection connection) {
        super("The status of an answer is " + connection.status() + ", not 200: " + text(connection));
    }

    private static String text(KeepAliveConnection connection) {
        String text = new String(connection.body(), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(MOST, text.length()));
    }
}
