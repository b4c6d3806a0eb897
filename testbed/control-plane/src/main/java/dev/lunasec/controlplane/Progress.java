package dev.lunasec.controlplane;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person what a program does: lines that stay, and how far the current step is. On a terminal the step is one
 * line that is drawn again and again; elsewhere it is a plain line after two seconds and every ten seconds from then
 * on.
 */
public final class Progress {
    /**
     * The system property with the width of the terminal in columns, for a script that knows standard output to be a
     * terminal.
     */
    public static final String COLUMNS = "terminal.columns";

    private static final long TICK = Duration.ofMillis(200).toNanos();
    private static final long FIRST_PLAIN = Duration.ofSeconds(2).toNanos();
    private static final long NEXT_PLAIN = Duration.ofSeconds(10).toNanos();
    private static final String CLEAR = "\r\033[K";
    /** Without automatic wrapping, a line that is longer than the terminal is wide stays one line. */
    private static final String DRAW = "\r\033[?7l%s\033[K\033[?7h";

    /** Columns that stay free, so that the ^C of an interrupt does not begin a new line. */
    private static final int MARGIN = 3;

    private final PrintStream out;
    private final int columns;
    private final LongSupplier clock;
    private final long began;
    private @Nullable Step current;

    /**
     * Writes to a stream.
     *
     * @param columns the width of the terminal behind the stream, 0 if there is none
     * @param clock as {@link System#nanoTime()}
     */
    Progress(PrintStream out, int columns, LongSupplier clock) {
        this.out = out;
        this.columns = columns;
        this.clock = clock;
        this.began = clock.getAsLong();
    }

    /** Writes to standard output, which is a terminal if the system property {@link #COLUMNS} is above 0. */
    public static Progress toStandardOutput() {
        return new Progress(System.out, Integer.getInteger(COLUMNS, 0), System::nanoTime);
    }

    /** Writes plain lines. */
    public static Progress plain(PrintStream out) {
        return new Progress(out, 0, System::nanoTime);
    }

    /** Writes nothing. */
    public static Progress silent() {
        return plain(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    /** Writes a line that stays. */
    public synchronized void line(String text) {
        out.print((current != null && columns > 0 ? CLEAR : "") + time() + text + System.lineSeparator());
        out.flush();
    }

    /**
     * Begins a step, which is shown until it is closed.
     *
     * @throws IllegalStateException if another step is not closed yet
     */
    public synchronized Step step(String what) {
        if (current != null) throw new IllegalStateException("this step is not closed: " + current.what);
        Step step = new Step(what, clock.getAsLong() + FIRST_PLAIN);
        current = step;
        Thread drawing = new Thread(step::drawUntilClosed, "progress");
        drawing.setDaemon(true);
        drawing.start();
        return step;
    }

    private String time() {
        return String.format(Locale.ROOT, "%5.1f s  ", (clock.getAsLong() - began) / 1e9);
    }

    /** Something that takes time. */
    public final class Step implements AutoCloseable {
        private final String what;
        private String detail = "";
        private long done;
        private long total;
        private long nextPlain;

        private Step(String what, long nextPlain) {
            this.what = what;
            this.nextPlain = nextPlain;
        }

        /** Shows a text behind the name of the step, in place of the former one and of a bar. */
        public void detail(String text) {
            amount(0, 0, text);
        }

        /**
         * Shows a bar.
         *
         * @param newTotal what will be done at the end; 0 or less if that is not known, which shows no bar
         * @param text the same in words, "5 of 10 MB" for example
         */
        public void amount(long newDone, long newTotal, String text) {
            synchronized (Progress.this) {
                done = Math.min(newDone, newTotal);
                total = newTotal;
                detail = text;
            }
        }

        /** Ends the step; its live line disappears. */
        @Override
        public void close() {
            synchronized (Progress.this) {
                if (current != this) return;
                current = null;
                if (columns > 0) {
                    out.print(CLEAR);
                    out.flush();
                }
                Progress.this.notifyAll();
            }
        }

        /** Writes the state of the step if it is time to. */
        void draw() {
            synchronized (Progress.this) {
                if (current != this) return;
                long now = clock.getAsLong();
                if (columns > 0) {
                    out.print(DRAW.formatted(liveLine(now)));
                    out.flush();
                } else if (now - nextPlain >= 0) {
                    line(what + (total > 0 ? ": " + percent() : "") + (detail.isEmpty() ? "" : ": " + detail));
                    nextPlain = now + NEXT_PLAIN;
                }
            }
        }

        private void drawUntilClosed() {
            synchronized (Progress.this) {
                try {
                    while (current == this) {
                        draw();
                        Progress.this.wait(Duration.ofNanos(TICK).toMillis());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private String liveLine(long now) {
            String text = detail.isEmpty() ? "" : "  " + detail;
            if (total <= 0) {
                String line = time() + "|/-\\".charAt((int) Math.floorMod(now / TICK, 4L)) + " " + what + text;
                return line.substring(0, Math.clamp(columns - MARGIN, 0, line.length()));
            }
            String before = time() + what + "  [";
            String after = "] " + percent() + text;
            int width = Math.clamp((long) columns - MARGIN - before.length() - after.length(), 5, 40);
            int filled = (int) (width * done / total);
            return before + "#".repeat(filled) + ".".repeat(width - filled) + after;
        }

        private String percent() {
            return 100 * done / total + " %";
        }
    }
}
