package dev.lunasec.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** An X server without a screen. */
final class VirtualDisplay implements AutoCloseable {
    private final Process server;
    private final String name;

    /** @param xvfb the program Xvfb, which chooses a free display */
    VirtualDisplay(Path xvfb) {
        ProcessBuilder builder = new ProcessBuilder(
                        xvfb.toString(), "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            server = builder.start();
            try (BufferedReader output = server.inputReader()) {
                String number = output.readLine();
                if (number == null) throw new IllegalStateException("Xvfb found no free display.");
                name = ":" + number;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the variable {@code DISPLAY} of its programs has. */
    String name() {
        return name;
    }

    @Override
    public void close() {
        server.destroy();
        server.onExit().join();
    }
}
