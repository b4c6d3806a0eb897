package dev.lunasec.tokenizer.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the JVM of a pod counts of its own memory, by part. The C library and mapped files are not in it. */
final class NativeMemory {
    /** Makes a JVM count its memory. This costs it a few percent of speed, and some MiB that it counts too. */
    static final String OPTION = "-XX:NativeMemoryTracking=summary";

    private static final Pattern PART =
            Pattern.compile("(?m)^(?:- +)?([A-Z][\\w ]+?)(?:: | \\()reserved=(\\d+)KB[^,]*, committed=(\\d+)KB");

    private NativeMemory() {}

    /** A line for the total and one for each part of more than a MiB, in MiB: reserved and committed. */
    static String table(Process pod) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process counted = new ProcessBuilder(jcmd, Long.toString(pod.pid()), "VM.native_memory", "summary", "scale=KB")
                .redirectErrorStream(true)
                .start();
        String summary = new String(counted.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(counted.waitFor()).as(summary).isZero();
        List<MatchResult> parts = PART.matcher(summary).results().toList();
        assertThat(parts).as(summary).isNotEmpty();
        StringBuilder table = new StringBuilder("%-28s %10s %10s%n".formatted("MiB", "reserved", "committed"));
        for (MatchResult part : parts) {
            long committed = Long.parseLong(part.group(3)) >> 10;
            if (committed == 0) continue;
            table.append("%-28s %10d %10d%n".formatted(part.group(1), Long.parseLong(part.group(2)) >> 10, committed));
        }
        return table.toString();
    }
}
