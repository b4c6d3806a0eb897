package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.controlplane.Child;
import dev.lunasec.local.Attacker.Request;
import dev.lunasec.local.Attacker.Shape;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@link Attacker} as a process of its own with the lowest priority, so that it takes the processors of the pods as
 * little as an attacker on another machine would.
 *
 * @param pods what it attacks
 * @param folder for its files
 * @param lasts how long, in whole seconds
 */
record AttackerProcess(List<Pod> pods, Path folder, Duration lasts) {
    private static final Duration START = Duration.ofMinutes(1);

    /**
     * Attacks the pods, and looks at memory meanwhile.
     *
     * @param connections to each pod
     * @return what the attacker saw, a line for each outcome
     */
    String run(Shape shape, int connections, int port, List<Request> requests, List<PodMemory> memory)
            throws IOException {
        Path file = Files.write(
                folder.resolve("requests"), requests.stream().map(Request::line).toList());
        Path log = folder.resolve("attacker.log");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
        command.addAll(JavaProgram.command(Attacker.class, List.of("-XX:+UseSerialGC", "-Xmx256m")));
        command.addAll(List.of(
                shape.name(), Integer.toString(connections), Long.toString(lasts.toSeconds()), file.toString()));
        pods.forEach(pod -> command.add(pod.getStatus().getPodIP() + ":" + port));
        Child attacker = Child.start("attacker", command, Map.of(), log);
        try {
            await().atMost(lasts.plus(START))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> memory.stream().allMatch(PodMemory::sample) && !attacker.isAlive());
            assertThat(attacker.exitStatus()).as(attacker.lastLines(20)).isZero();
            return Files.readString(log);
        } finally {
            attacker.kill();
        }
    }
}
