package dev.lunasec.local;

import dev.lunasec.contract.EnvironmentVariables;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory that the program of a pod of the local system took, as far as the kernel cannot take it back. */
final class PodMemory {
    private final Path process;
    private final long limit;
    private long most;

    /** Finds the program, a descendant of this process. */
    PodMemory(Pod pod) {
        String address = pod.getStatus().getPodIP();
        process = ProcessHandle.current()
                .descendants()
                .map(descendant -> Path.of("/proc/" + descendant.pid()))
                .filter(descendant -> isProgramAt(address, descendant))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no program runs at " + address));
        limit = Quantity.getAmountInBytes(pod.getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources()
                        .getLimits()
                        .get("memory"))
                .longValueExact();
    }

    /** Looks how much it takes now, and returns whether the program runs. */
    boolean sample() {
        try {
            long now = 0;
            for (String line : Files.readAllLines(process.resolve("status"))) {
                if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
                    now += Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            most = Math.max(most, now);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** In bytes. */
    long most() {
        return most;
    }

    /** The memory limit of the container, in bytes. */
    long limit() {
        return limit;
    }

    /**
     * Redis names its address in its title, and a tokenizer in its environment. The shell that waits for the program
     * has both too.
     */
    private static boolean isProgramAt(String address, Path process) {
        try {
            String command = Files.readString(process.resolve("cmdline"));
            if (command.startsWith("sh\0")) return false;
            return command.contains(" " + address + ":")
                    || Files.readString(process.resolve("environ"))
                            .contains(EnvironmentVariables.ADDRESS + "=" + address + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
