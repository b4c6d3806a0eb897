package dev.lunasec.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A port of this host for a server that is started a little later, or again and again: not one of those that the kernel
 * gives to connections, which would have it taken in between. A port is given once in each JVM. JVMs that test at the
 * same time get different ports: those with an even number in {@code surefire.forkNumber} get the even ones.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int LAST = 29_999;
    /** Linux gives those from 32,768 on to connections. */
    private static final int LAST_OF_SERVERS = 32_767;

    private static final int TRIES = 100;

    /** Null if this is not a JVM of the tests. */
    private static final @Nullable Integer FORK = Integer.getInteger("surefire.forkNumber");

    private static final Set<Integer> given = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /**
     * Several, each another one, for servers that also listen on a second port.
     *
     * @param distance of the second port, which is free too, from the first one
     */
    static List<Integer> find(int number, int distance) {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < number) {
            int port = find(Math.min(LAST, LAST_OF_SERVERS - distance));
            if (isFree(port + distance)) ports.add(port);
        }
        return List.copyOf(ports);
    }

    public static int find() {
        return find(LAST);
    }

    private static int find(int last) {
        for (int tried = 0; tried < TRIES; tried++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, last + 1);
            if (isOfThisFork(port) && isFree(port) && given.add(port)) return port;
        }
        throw new IllegalStateException("no port from " + FIRST + " to " + last + " is free");
    }

    private static boolean isOfThisFork(int port) {
        return FORK == null || (port - FORK) % 2 == 0;
    }

    private static boolean isFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
