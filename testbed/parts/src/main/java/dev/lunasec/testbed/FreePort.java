package dev.lunasec.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of this host for a server that is started a little later, or again and again: not one of those that the kernel
 * gives to connections, which would have it taken in between.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int LAST = 29_999;
    private static final int TRIES = 50;

    private FreePort() {}

    /** Several, each another one. */
    static List<Integer> find(int number) {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < number) ports.add(find());
        return List.copyOf(ports);
    }

    public static int find() {
        for (int tried = 0; tried < TRIES; tried++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                // It is taken.
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " to " + LAST + " is free");
    }
}
