package dev.lunasec.tokenizer.job;

import dev.lunasec.s3.S3Connection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The first hex digits of the ids of records and of the names of objects. A job can list a folder digit by digit,
 * several digits at the same time. Ids and names are MACs, so each digit has about a sixteenth of them.
 */
final class Digits {
    /** From 0 to f. */
    static final List<String> ALL =
            IntStream.range(0, 16).mapToObj(Integer::toHexString).toList();

    /**
     * How many digits a job works on at the same time. A page of a thousand names is a large answer. The process reads
     * some of them at the same time, while the store prepares as many others.
     */
    static final int AT_ONCE = 2 * S3Connection.LARGE_ANSWERS;

    private Digits() {}

    /** Runs the work for all digits. If it fails for one, the others are interrupted, and that failure is thrown. */
    static void forEach(BoundedParallel.Work<String> work) throws InterruptedException {
        try (BoundedParallel threads = new BoundedParallel(AT_ONCE)) {
            threads.forEach(ALL, work);
        }
    }
}
