package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays the ports of Services to their ready pods, and writes their names into a hosts file for Java programs. */
public final class Services implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Services.class);
    private static final Duration LOOK = Duration.ofMillis(300);

    private final KubernetesClient client;
    private final Node node;
    private final Path hosts;
    private final Map<String, ServerSocket> listeners = new ConcurrentHashMap<>();
    private final ConnectionForwarder forwarder = new ConnectionForwarder();
    private final AtomicInteger turn = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("services").unstarted(this::run);

    /** @param hosts the file for {@code -Djdk.net.hosts.file} */
    public Services(KubernetesClient client, Node node, Path hosts) {
        this.client = client;
        this.node = node;
        this.hosts = hosts;
    }

    public void start() throws IOException {
        writeHosts(List.of());
        thread.start();
    }

    /**
     * Listens on an address of this machine for the first port of a Service.
     *
     * @return the port: the one asked for, or a free one when that is taken
     */
    public int publish(String namespace, String name, int port) throws IOException {
        ServerSocket listener;
        try {
            listener = ConnectionForwarder.listen("127.0.0.1", port);
        } catch (IOException e) {
            listener = ConnectionForwarder.listen("127.0.0.1", 0);
        }
        listeners.put("published " + namespace + "/" + name, listener);
        forwarder.start(listener, name, () -> target(namespace, name, 0));
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        stop.countDown();
        listeners.values().forEach(ConnectionForwarder::close);
        forwarder.closeConnections();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                try {
                    look(client.services().inAnyNamespace().list().getItems());
                } catch (KubernetesClientException | IOException e) {
                    log.warn("services: {}", e.getMessage());
                }
            } while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(List<Service> services) throws IOException {
        writeHosts(services);
        Set<String> wanted = new HashSet<>();
        for (Service service : services) {
            String ip = service.getSpec().getClusterIP();
            boolean relayed = ip != null
                    && ip.startsWith("127.")
                    && service.getSpec().getSelector() != null
                    && !service.getSpec().getSelector().isEmpty();
            if (!relayed) continue;
            String namespace = service.getMetadata().getNamespace();
            String name = service.getMetadata().getName();
            for (int i = 0; i < service.getSpec().getPorts().size(); i++) {
                int port = service.getSpec().getPorts().get(i).getPort();
                String key = ip + ":" + port;
                wanted.add(key);
                if (listeners.containsKey(key)) continue;
                ServerSocket listener = ConnectionForwarder.listen(ip, port);
                listeners.put(key, listener);
                int index = i;
                forwarder.start(listener, name, () -> target(namespace, name, index));
            }
        }
        listeners.forEach((key, listener) -> {
            if (!key.startsWith("published ") && !wanted.contains(key)) {
                listeners.remove(key);
                ConnectionForwarder.close(listener);
            }
        });
    }

    private void writeHosts(List<Service> services) throws IOException {
        StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
        for (Service service : services) {
            String ip = service.getSpec().getClusterIP();
            if (ip == null || ip.equals("None")) continue;
            String name = service.getMetadata().getName() + "."
                    + service.getMetadata().getNamespace() + ".svc";
            text.append(ip).append(' ').append(name).append(' ').append(name).append(".cluster.local\n");
        }
        if (Files.exists(hosts) && Files.readString(hosts).contentEquals(text)) return;
        Path part = Files.writeString(hosts.resolveSibling("hosts.part"), text);
        Files.move(part, hosts, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private InetSocketAddress target(String namespace, String name, int index) throws IOException {
        Service service =
                client.services().inNamespace(namespace).withName(name).get();
        if (service == null) throw new IOException("there is no such Service");
        List<RunningPod> pods = node.ready(namespace, service.getSpec().getSelector());
        if (pods.isEmpty()) throw new IOException("no pod is ready");
        RunningPod pod = pods.get(Math.floorMod(turn.getAndIncrement(), pods.size()));
        ServicePort port = service.getSpec().getPorts().get(index);
        return new InetSocketAddress(
                pod.address(),
                targetPort(port, pod.pod().getSpec().getContainers().get(0)));
    }

    private static int targetPort(ServicePort port, Container container) {
        if (port.getTargetPort() == null) return port.getPort();
        if (port.getTargetPort().getIntVal() != null)
            return port.getTargetPort().getIntVal();
        return container.getPorts().stream()
                .filter(p -> port.getTargetPort().getStrVal().equals(p.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no port is named " + port.getTargetPort().getStrVal()))
                .getContainerPort();
    }
}
