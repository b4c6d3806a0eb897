package dev.lunasec.operator.overlapping;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stops one operator before its n-th write to a vault: before a request that would change an object of the API server,
 * or an object or a setting of the bucket. Events, statuses and the canary do not count, because nothing is decided
 * from them. The names of vaults and buckets are v and two digits.
 */
final class StoppedWrites implements Interceptor {
    private static final Pattern OF_VAULT = Pattern.compile("(?:/|\"name\":\\s*\")(v[0-9]{2})\\b");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final Map<String, Integer> planned = new ConcurrentHashMap<>();
    private final Map<String, List<String>> writes = new ConcurrentHashMap<>();
    private final Map<String, String> stopped = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean counting = true;

    /** Counts the writes to a vault anew, and stops before the n-th. */
    void stopAt(String vault, int n) {
        writes.put(vault, new CopyOnWriteArrayList<>());
        planned.put(vault, n);
    }

    /** The writes to a vault since {@link #stopAt}. */
    List<String> of(String vault) {
        return List.copyOf(writes.getOrDefault(vault, List.of()));
    }

    /** The write before which the operator was stopped, by vault. */
    Map<String, String> stopped() {
        return Map.copyOf(stopped);
    }

    /** From now on, writes are no longer counted. */
    void stopCounting() {
        counting = false;
    }

    /** Lets every write that was stopped go on. */
    void release() {
        released.countDown();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        String path = request.uri().getPath();
        if (READS.contains(request.method()) || path.endsWith("/events") || path.endsWith("/status")) return;
        Matcher vault = OF_VAULT.matcher(path + " " + request.bodyString());
        if (vault.find()) before(vault.group(1), request.method() + " " + path);
    }

    /** The same for a request to the store. */
    void beforeRequestToStore(String method, String path) {
        if (READS.contains(method) || path.contains("/canary/") || path.endsWith(OverlappingOperators.RECORD)) return;
        Matcher vault = OF_VAULT.matcher(path);
        if (vault.lookingAt()) before(vault.group(1), method + " " + path);
    }

    private void before(String vault, String words) {
        Integer last = planned.get(vault);
        List<String> ofVault = writes.get(vault);
        if (!counting || last == null || ofVault == null) return;
        int n;
        synchronized (ofVault) {
            ofVault.add(words);
            n = ofVault.size();
        }
        if (n != last) return;
        stopped.put(vault, words);
        try {
            if (!released.await(3, TimeUnit.MINUTES)) throw new IllegalStateException("Nobody released " + words);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The operator was closed before it wrote.", e);
        }
    }
}
