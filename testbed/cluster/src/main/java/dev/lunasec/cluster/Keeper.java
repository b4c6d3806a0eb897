package dev.lunasec.cluster;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Stores many secrets, and reads all of them again and again. */
final class Keeper {
    /** One after the other: without a pause, more would take the whole node. */
    private static final int READ_AT_ONCE = 1;

    private static final int STORED_AT_ONCE = 4;

    private final TokenizerClient client;
    private final int records;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();

    Keeper(TokenizerClient client, int records) {
        this.client = client;
        this.records = records;
    }

    /** Returns when the thread is interrupted. */
    void run() {
        Queue<String> values = new ConcurrentLinkedQueue<>(
                IntStream.range(0, records).mapToObj(i -> "secret " + i).toList());
        int refused = forEach(STORED_AT_ONCE, values, value -> secrets.put(client.tokenize(bytes(value)), value));
        System.out.println("stored " + secrets.size() + ", refused " + refused);
        for (int round = 1; !Thread.currentThread().isInterrupted(); round++) {
            AtomicInteger read = new AtomicInteger();
            int failed = forEach(READ_AT_ONCE, new ConcurrentLinkedQueue<>(secrets.keySet()), token -> {
                String value = new String(client.detokenize(token), StandardCharsets.UTF_8);
                if (value.equals(secrets.get(token))) read.incrementAndGet();
            });
            System.out.println("round " + round + ": read " + read + " of " + secrets.size() + ", failed " + failed);
        }
    }

    private interface Call {
        void on(String item);
    }

    /** How many calls failed. */
    private static int forEach(int atOnce, Queue<String> items, Call call) {
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < atOnce; i++) {
                threads.execute(() -> {
                    for (String item = items.poll(); item != null; item = items.poll()) {
                        try {
                            call.on(item);
                        } catch (TokenizerException e) {
                            failed.incrementAndGet();
                        }
                    }
                });
            }
        }
        return failed.get();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
