package dev.lunasec.local.node;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each pod a loopback address of its own. The network is not that of the Services, nor one that a machine uses by
 * itself. It is chosen at random, so that two nodes on one machine probably have different ones.
 */
final class PodAddresses {
    private final String network = "127." + (64 + new SecureRandom().nextInt(32)) + ".";
    private final int firstBlock = new SecureRandom().nextInt(256);
    private final AtomicInteger addresses = new AtomicInteger();

    String next() {
        int number = addresses.incrementAndGet();
        return network + Math.floorMod(firstBlock + number / 250, 256) + "." + (number % 250 + 1);
    }
}
