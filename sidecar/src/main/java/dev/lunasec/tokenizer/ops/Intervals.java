package dev.lunasec.tokenizer.ops;

import dev.lunasec.runtime.ReloadedFiles;
import java.time.Duration;

/**
 * How often a program checks what can change while it runs. All are positive.
 *
 * @param whileReady between two checks of the dependencies while all of them work
 * @param whileNotReady between two checks of the dependencies while one of them does not work
 * @param files between two reads of the mounted files
 */
public record Intervals(Duration whileReady, Duration whileNotReady, Duration files) {
    /** Those of every pod. */
    public static final Intervals USUAL =
            new Intervals(Duration.ofSeconds(10), Duration.ofSeconds(2), ReloadedFiles.EVERY);
}
