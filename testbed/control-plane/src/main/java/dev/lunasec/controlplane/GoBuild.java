package dev.lunasec.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Builds programs from their sources, which Go gets through its module proxy and checks against go.sum beside this
 * class.
 */
final class GoBuild {
    /** The Go package of each program. */
    private static final Map<String, String> PACKAGES = Map.of(
            "etcd", "go.etcd.io/etcd/server/v3",
            "kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver",
            "kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager",
            "kubectl", "k8s.io/kubernetes/cmd/kubectl");

    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private static final Duration TICK = Duration.ofMillis(200);

    private final String command;
    private final Progress progress;

    /**
     * Builds with a Go.
     *
     * @param command {@code go}, or a path
     */
    GoBuild(String command, Progress progress) {
        this.command = command;
        this.progress = progress;
    }

    /** Whether Go is installed. */
    boolean isPossible() throws InterruptedException {
        try {
            Process go = new ProcessBuilder(command, "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return go.waitFor(20, TimeUnit.SECONDS) && go.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Builds programs.
     *
     * @param folder that exists and is empty
     * @return the folder with the programs
     * @throws IOException if a build fails or takes more than 30 minutes, with the end of what Go printed
     */
    Path build(List<String> programs, Path folder) throws IOException, InterruptedException {
        for (String file : List.of("go.mod", "go.sum", "tools.go")) {
            try (InputStream in = GoBuild.class.getResourceAsStream(file)) {
                if (in == null) throw new IOException(file + " is not in the jar");
                Files.copy(in, folder.resolve(file));
            }
        }
        Files.createDirectory(folder.resolve("tmp"));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        List<String> packages = programs.stream().map(PACKAGES::get).toList();
        compile(packages, countStale(packages, folder), folder, bin);
        if (Files.exists(bin.resolve("server"))) Files.move(bin.resolve("server"), bin.resolve("etcd"));
        return bin;
    }

    /** Downloads the sources, and counts the packages that Go's own cache does not contain in compiled form. */
    private int countStale(List<String> packages, Path folder) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}"));
        arguments.addAll(packages);
        try (Progress.Step step = progress.step("getting the sources of Kubernetes")) {
            return go("list", arguments, folder, (modules, stale) -> {
                if (modules > 0) step.detail(modules + " modules downloaded");
            });
        }
    }

    private void compile(List<String> packages, int expected, Path folder, Path bin)
            throws IOException, InterruptedException {
        String version = "k8s.io/component-base/version";
        String[] numbers = Release.KUBERNETES.substring(1).split("\\.", 3);
        String flags = "-s -w -X " + version + ".gitVersion=" + Release.KUBERNETES + " -X " + version + ".gitMajor="
                + numbers[0] + " -X " + version + ".gitMinor=" + numbers[1] + " -X " + version + ".gitTreeState=clean";
        List<String> arguments = new ArrayList<>(List.of("-v", "-buildvcs=false", "-ldflags", flags, "-o", bin + "/"));
        arguments.addAll(packages);
        try (Progress.Step step = progress.step("building Kubernetes with Go")) {
            go("build", arguments, folder, (modules, compiled) -> {
                if (compiled < expected) step.amount(compiled, expected, compiled + " of " + expected + " packages");
                else step.detail("linking");
            });
        }
    }

    /** Takes the numbers of modules and packages that Go has named so far. */
    private interface Counts {
        void are(int modules, int packages);
    }

    /** Runs Go to its end, and returns the number of packages that it named. */
    private int go(String subcommand, List<String> arguments, Path folder, Counts counts)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command, subcommand, "-C", folder.toString()));
        // Both subcommands need the same flags, because Go looks for packages that were compiled with them.
        line.addAll(List.of("-mod=readonly", "-trimpath"));
        line.addAll(arguments);
        Path log = folder.resolve(subcommand + ".log");
        Map<String, String> environment =
                Map.of("CGO_ENABLED", "0", "GOTMPDIR", folder.resolve("tmp").toString());
        Child go = Child.startIgnoringInterrupts("go", line, environment, log);
        try {
            for (long end = System.nanoTime() + DEADLINE.toNanos(); !go.waitFor(TICK); ) {
                List<String> lines = Files.readAllLines(log);
                counts.are(modules(lines), packages(lines));
                if (System.nanoTime() > end) {
                    throw new IOException("go " + subcommand + " takes more than " + DEADLINE.toMinutes() + " minutes");
                }
            }
        } finally {
            go.killTree();
        }
        if (go.exitStatus() != 0) throw new IOException("go " + subcommand + " failed: " + go.lastLines(5));
        return packages(Files.readAllLines(log));
    }

    private static int modules(List<String> lines) {
        return (int) lines.stream()
                .filter(line -> line.startsWith("go: downloading "))
                .count();
    }

    /** In a build without errors, each line names a package, except those about modules. */
    private static int packages(List<String> lines) {
        return (int) lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("go: "))
                .count();
    }
}
