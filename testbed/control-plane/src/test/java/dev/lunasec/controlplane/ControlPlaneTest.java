package dev.lunasec.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("api-server")
class ControlPlaneTest {

    @Test
    void aConfigMapCanBeWrittenAndIsSeenInTheAuditLogOfItsWriter(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (ControlPlane plane =
                ControlPlane.start(ControlPlane.Options.apiServerOnly().in(data))) {
            Path operator =
                    Files.writeString(folder.resolve("kubeconfig"), plane.kubeconfigYaml(ControlPlane.OPERATOR));
            Process kubectl = new ProcessBuilder(
                            plane.binary("kubectl").toString(),
                            "--kubeconfig",
                            operator.toString(),
                            "create",
                            "configmap",
                            "hello",
                            "--from-literal=a=b")
                    .redirectErrorStream(true)
                    .start();
            assertThat(kubectl.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(new String(kubectl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("configmap/hello created");
            assertThat(Files.readAllLines(plane.auditLog()))
                    .anyMatch(line -> line.contains("\"tokenizer-operator\"") && line.contains("\"configmaps\""));
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aChildEndsWithTheStatusOfItsProgram(@TempDir Path folder) throws Exception {
        Child child = Child.start(
                "sh",
                List.of("sh", "-c", "echo $GREETING; exit 7"),
                Map.of("GREETING", "hello"),
                folder.resolve("log"));
        assertThat(child.waitFor(Duration.ofSeconds(20))).isTrue();
        assertThat(child.exitStatus()).isEqualTo(7);
        assertThat(child.lastLines(1)).isEqualTo("hello");
    }

    @Test
    void aChildThatIgnoresTheSignalIsKilled(@TempDir Path folder) throws Exception {
        Path ready = folder.resolve("ready");
        Child child = Child.start(
                "sh",
                List.of("sh", "-c", "trap '' TERM; touch " + ready + "; while :; do sleep 0.1; done"),
                Map.of(),
                folder.resolve("log"));
        awaitFile(ready);
        child.stop(Duration.ofMillis(300));
        assertThat(child.isAlive()).isFalse();
        assertThat(ProcessHandle.of(child.pid())).isEmpty();
    }

    @Test
    void anInterruptOfTheShellEndsNothingAndAKillOfTheTreeEndsAllProcesses(@TempDir Path folder) throws Exception {
        Path number = folder.resolve("number");
        String script = "sleep 600 & echo $! >" + number + ".new; mv " + number + ".new " + number + "; wait";
        Child child = Child.startIgnoringInterrupts("sh", List.of("sh", "-c", script), Map.of(), folder.resolve("log"));
        awaitFile(number);
        ProcessHandle program = ProcessHandle.of(child.pid()).orElseThrow();
        ProcessHandle sleep = ProcessHandle.of(
                        Long.parseLong(Files.readString(number).strip()))
                .orElseThrow();
        String shell = Long.toString(program.parent().orElseThrow().pid());
        assertThat(new ProcessBuilder("kill", "-INT", shell).start().waitFor()).isZero();
        assertThat(child.waitFor(Duration.ofMillis(300))).isFalse();
        child.killTree();
        assertThat(program.isAlive()).isFalse();
        assertThat(sleep.isAlive()).isFalse();
    }

    @Test
    void aChildEndsWhenTheJvmThatStartedItIsKilled(@TempDir Path folder) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        Path number = folder.resolve("number");
        awaitFile(number);
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(number))).orElseThrow();
        assertThat(child.isAlive()).isTrue();
        jvm.destroyForcibly().waitFor();
        child.onExit().get(20, TimeUnit.SECONDS);
    }

    private static void awaitFile(Path file) {
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
    }

    /** Starts a child and waits for its own end. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            Child child = Child.start("sleep", List.of("sleep", "600"), Map.of(), folder.resolve("log"));
            Path written = Files.writeString(folder.resolve("writing"), Long.toString(child.pid()));
            Files.move(written, folder.resolve("number"));
            child.waitFor(Duration.ofMinutes(10));
        }
    }
}
