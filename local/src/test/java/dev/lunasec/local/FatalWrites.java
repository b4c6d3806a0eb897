package dev.lunasec.local;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The writes after which a process is killed: each of them, or with {@code -Dcrashes.every=3} every third one. Which
 * third it is changes every day, so three days in a row kill after each write.
 */
final class FatalWrites {
    private static final int EVERY = Math.max(1, Integer.getInteger("crashes.every", 1));

    private FatalWrites() {}

    /** The first of them; 1 is the first write. */
    static int first() {
        return first(EVERY);
    }

    /** The first of so many writes, at least 1: a test with fewer writes than are left out kills after one of them. */
    static int first(int writes) {
        return 1 + (int) (LocalDate.now(ZoneOffset.UTC).toEpochDay() % Math.min(EVERY, writes));
    }

    /** The next one. */
    static int after(int write) {
        return write + EVERY;
    }

    /** What a test prints at its end. */
    static String of(List<String> writes) {
        String which = EVERY == 1 ? "each" : "one in " + EVERY + ", from write " + first(writes.size()) + " on,";
        return which + " of " + writes.size() + " writes: " + writes;
    }
}
