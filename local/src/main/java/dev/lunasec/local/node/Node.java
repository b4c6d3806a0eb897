package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private final PodWriter writer;
    private final Map<String, RunningPod> pods = new ConcurrentHashMap<>();
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    /** Pods that were told to end: once, for a second word would cut their grace short. */
    private final Set<String> ending = ConcurrentHashMap.newKeySet();

    private final PodAddresses addresses = new PodAddresses();
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
        this.writer = new PodWriter(client);
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
                    || pod.getSpec().getNodeName().isEmpty()) writer.bind(pod);
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

    private RunningPod begin(Pod pod) {
        RunningPod running = new RunningPod(
                client, images, volumes, apiServer, folder.resolve("pods").resolve(uid(pod)), addresses.next(), pod);
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
                if (!now.equals(said) && writer.writeStatus(running.pod(), now)) said = now;
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
                writer.delete(running.pod());
            }
        } catch (IOException | KubernetesClientException e) {
            log.warn("pod {}: {}", running.pod().getMetadata().getName(), e.getMessage());
        } finally {
            pods.remove(uid(running.pod()));
            threads.remove(uid(running.pod()));
            ending.remove(uid(running.pod()));
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
