package dev.lunasec.controlplane;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that the projects Kubernetes and etcd publish for one platform, each with its SHA-256 sum. The sums are
 * those that the projects publish beside the files.
 *
 * @param files one for each program
 */
record Release(List<File> files) {
    /** The version of Kubernetes, the one that go.mod beside this class names. */
    static final String KUBERNETES = "v1.34.4";

    /** The version of etcd, the one that go.mod beside this class names. */
    static final String ETCD = "v3.6.4";

    private static final Release LINUX_AMD64 = linux(
            "amd64",
            "9da2739e1cb9981986e181e9104be1863ef1d54c497e3c0232b41e1171582180",
            "089a7b944b1cd46f5e61d12dfe27ff769ebb6c11a1d671cfaae140a4174c039d",
            "d50c359d95e0841eaad08ddc27c7be37cba8fdccfba5c8e2ded65e121ff112db",
            "4d5f3101daa534e45ccaf3eec8d21c19b7222db377bcfd5e5a9144155238c105");
    private static final Release LINUX_ARM64 = linux(
            "arm64",
            "6920f4b3e83521bc0fa591eb266f462c3c95b2a681f39aa6fea3daf6141882fe",
            "9c44a983b516eb5741aa1cf9d5c38a0180893fb17bd464bf2f03c84ce000a29d",
            "5b982c0644ab1e27780246b9085a5886651b4a7ed86243acbb2bacc1bea01dda",
            "323421fa279f4f3d7da4c7f2dfa17d9e49529cb2b4cdf40899a7416bccdde42d");

    /**
     * A file to download.
     *
     * @param program the name of the program that the file is or contains
     * @param sha256 64 hexadecimal digits, lower case
     * @param member the path of the program in the file, which is a compressed tar archive then; null if the file is
     *     the program
     */
    record File(
            String program,
            URI uri,
            String sha256,
            @Nullable String member) {}

    /**
     * The files for a platform, as the JVM names it in {@code os.name} and {@code os.arch}.
     *
     * @return empty where no sums are pinned here: there, Go builds the programs. For macOS, for example, the
     *     Kubernetes project publishes no kube-apiserver.
     */
    static Optional<Release> of(String os, String arch) {
        if (!os.toLowerCase(Locale.ROOT).equals("linux")) return Optional.empty();
        return switch (arch) {
            case "amd64", "x86_64" -> Optional.of(LINUX_AMD64);
            case "aarch64" -> Optional.of(LINUX_ARM64);
            default -> Optional.empty();
        };
    }

    private static Release linux(
            String arch, String apiServer, String controllerManager, String kubectl, String etcdArchive) {
        String folder = "etcd-" + ETCD + "-linux-" + arch;
        URI etcd = URI.create("https://github.com/etcd-io/etcd/releases/download/" + ETCD + "/" + folder + ".tar.gz");
        return new Release(List.of(
                program("kube-apiserver", arch, apiServer),
                program("kube-controller-manager", arch, controllerManager),
                program("kubectl", arch, kubectl),
                new File("etcd", etcd, etcdArchive, folder + "/etcd")));
    }

    private static File program(String name, String arch, String sha256) {
        URI uri = URI.create("https://dl.k8s.io/release/" + KUBERNETES + "/bin/linux/" + arch + "/" + name);
        return new File(name, uri, sha256, null);
    }
}
