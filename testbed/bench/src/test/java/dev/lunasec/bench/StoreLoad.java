package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import dev.lunasec.tokenizer.store.Bucket;
import java.util.UUID;

/** Loads on the store alone, through the same client as that of the tokenizer. */
final class StoreLoad {
    /** As many bytes as a small record has. */
    private static final byte[] OBJECT = new byte[600];

    /** What the names of its objects begin with. */
    static final String FOLDER = "bench/";

    private static final int OBJECTS = 500;

    private StoreLoad() {}

    /** Writes the objects that {@link #gets} reads. */
    static void fill(Bucket bucket) {
        for (int i = 0; i < OBJECTS; i++) put(bucket, object(i));
    }

    /** Callers that read small objects. */
    static CallerLoad gets(Bucket bucket, int callers) {
        int[] next = new int[callers];
        return load(callers, caller -> get(bucket, object((caller + callers * next[caller]++) % OBJECTS)));
    }

    /** Callers that each write a new small object with each call. */
    static CallerLoad puts(Bucket bucket, int callers) {
        return load(callers, caller -> put(bucket, FOLDER + "put/" + UUID.randomUUID()));
    }

    private static CallerLoad load(int callers, CallerLoad.Call call) {
        return new CallerLoad(callers, () -> Counters.NONE, call);
    }

    private static String object(int number) {
        return FOLDER + "get/" + number;
    }

    private static void get(Bucket bucket, String key) {
        if (bucket.get(key).isEmpty()) throw new IllegalStateException("the store has no object " + key);
    }

    private static void put(Bucket bucket, String key) {
        bucket.put(key, OBJECT, "application/json");
    }
}
