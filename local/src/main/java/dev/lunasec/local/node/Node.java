package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node: looks at all pods again and again, and sees to it that each runs here and says how it is. */
public final class Node implements AutoCloseable {
    /** Its name in the cluster. */
    public static final String NAME = "local";

    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final KubernetesClient client;
    private final Images images;
    private final URI apiServer;
    private final Path folder;
    private final Volumes volumes;
    private final Map<String, RunningPod> pods = new ConcurrentHashMap<>();
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    /** Pods that were told to end: once, for a second word would cut their grace short. */
    private final Set<String> ending = ConcurrentHashMap.newKeySet();

    /**
     * Apart from the addresses of Services and from what a machine uses by itself; another node on this machine is most probably at another
     * place.
     */
    private final String network = "127." + (64 + new SecureRandom().nextInt(32)) + ".";

    private final int firstBlock = new SecureRandom().nextInt(256);

    private final AtomicInteger addresses = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("node").unstarted(this::run);

    /**
     * Does nothing yet.
     *
     * @param apiServer where pods reach the API server
     * @param folder for the files of pods and claims
     */
    public Node(KubernetesClient client, Images images, URI apiServer, Path folder) {
        this.client = client;
        this.apiServer = apiServer;
        this.images = images;
        this.folder = folder;
        this.volumes = new Volumes(client, folder.resolve("claims"));
    }

    /** Registers the node and begins. */
    public void start() {
        client.nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .build())
                .serverSideApply();
        thread.start();
    }

    /** The addresses of the ready pods that have all these labels. */
    List<RunningPod> ready(String namespace, Map<String, String> selector) {
        return pods.values().stream()
                .filter(RunningPod::ready)
                .filter(p -> p.pod().getMetadata().getNamespace().equals(namespace))
                .filter(p -> p.pod().getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .toList();
    }

    /**
     * Kills the program of a pod with SIGKILL, as a crash would.
     *
     * @throws IllegalArgumentException when no such pod runs here
     */
    public void kill(String namespace, String name) {
        pods.values().stream()
                .filter(p -> p.pod().getMetadata().getNamespace().equals(namespace))
                .filter(p -> p.pod().getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pod " + namespace + "/" + name + " runs here"))
                .kill();
    }

    /** Ends all pods. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
            for (Thread pod : List.copyOf(threads.values())) pod.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                try {
                    look();
                } catch (KubernetesClientException e) {
                    log.warn("the API server gives no answer: {}", e.getMessage());
                }
            } while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        List<Pod> all = client.pods().inAnyNamespace().list().getItems();
        for (Pod pod : all) {
            if (pod.getSpec().getNodeName() == null
                    || pod.getSpec().getNodeName().isEmpty()) bind(pod);
            else pods.computeIfAbsent(uid(pod), uid -> begin(pod));
        }
        Set<String> deleted = all.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() != null)
                .map(Node::uid)
                .collect(Collectors.toSet());
        Set<String> present = all.stream().map(Node::uid).collect(Collectors.toSet());
        pods.forEach((uid, pod) -> {
            Thread its = threads.get(uid);
            if ((deleted.contains(uid) || !present.contains(uid)) && its != null && ending.add(uid)) its.interrupt();
        });
    }

    private void bind(Pod pod) {
        Binding binding = new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(NAME)
                .endTarget()
                .build();
        client.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(binding)
                .create();
    }

    private RunningPod begin(Pod pod) {
        int number = addresses.incrementAndGet();
        String address = network + Math.floorMod(firstBlock + number / 250, 256) + "." + (number % 250 + 1);
        RunningPod running = new RunningPod(
                client, images, volumes, apiServer, folder.resolve("pods").resolve(uid(pod)), address, pod);
        threads.put(
                uid(pod),
                Thread.ofPlatform().name("pod " + pod.getMetadata().getName()).start(() -> live(running)));
        return running;
    }

    /** The life of a pod; an interrupt tells that it is over. */
    private void live(RunningPod running) {
        PodStatus said = null;
        while (stop.getCount() > 0) {
            try {
                PodStatus now = running.step();
                if (!now.equals(said) && say(running.pod(), now)) said = now;
                if (stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) break;
            } catch (InterruptedException e) {
                break;
            } catch (IOException | KubernetesClientException e) {
                if (Thread.interrupted()) break;
                log.warn("pod {}: {}", running.pod().getMetadata().getName(), e.getMessage());
            }
        }
        end(running);
    }

    private void end(RunningPod running) {
        try {
            running.stop();
            if (stop.getCount() > 0) {
                client.pods().resource(running.pod()).withGracePeriod(0).delete();
            }
        } catch (IOException | KubernetesClientException e) {
            log.warn("pod {}: {}", running.pod().getMetadata().getName(), e.getMessage());
        } finally {
            pods.remove(uid(running.pod()));
            threads.remove(uid(running.pod()));
            ending.remove(uid(running.pod()));
        }
    }

    private boolean say(Pod pod, PodStatus status) {
        @Nullable Pod now = client.pods().resource(pod).get();
        if (now == null || !uid(now).equals(uid(pod))) return false;
        client.pods().resource(new PodBuilder(now).withStatus(status).build()).updateStatus();
        return true;
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
