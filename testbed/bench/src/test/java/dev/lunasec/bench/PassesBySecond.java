package dev.lunasec.bench;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Which vaults have a pass in each second, seen by the store: each pass reads the object that says whose bucket it is. */
final class PassesBySecond implements Consumer<String> {
    private static final String READ = "GET vault/";

    private final Map<Long, Set<String>> seconds = new ConcurrentHashMap<>();

    @Override
    public void accept(String read) {
        if (!read.startsWith(READ)) return;
        seconds.computeIfAbsent(now(), second -> ConcurrentHashMap.newKeySet()).add(read);
    }

    /** Forgets all. */
    void clear() {
        seconds.clear();
    }

    /** How many vaults had a pass. */
    int vaults() {
        Set<String> all = new HashSet<>();
        seconds.values().forEach(all::addAll);
        return all.size();
    }

    /** The largest number of vaults that had a pass in the same second. */
    int most() {
        return seconds.values().stream().mapToInt(Set::size).max().orElse(0);
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }
}
