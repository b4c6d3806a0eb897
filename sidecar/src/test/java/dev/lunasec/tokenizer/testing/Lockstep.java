package dev.lunasec.tokenizer.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/** Some who use a store at the same time, whose requests come in one given order. */
public final class Lockstep {
    private final S3Client s3;
    private final Deque<Character> turns = new ArrayDeque<>();
    private final Map<Character, FutureTask<?>> actors = new LinkedHashMap<>();
    private boolean underWay;

    /**
     * Has no actors yet.
     *
     * @param order whose turn it is, a letter for each request; an actor that has ended leaves its turns to the others
     */
    public Lockstep(S3Client s3, String order) {
        this.s3 = s3;
        for (char actor : order.toCharArray()) turns.add(actor);
    }

    /** All orders of so many requests of the one and so many of the other. */
    public static List<String> orders(char one, int ofOne, char other, int ofOther) {
        if (ofOne == 0 && ofOther == 0) return List.of("");
        List<String> orders = new ArrayList<>();
        if (ofOne > 0) orders(one, ofOne - 1, other, ofOther).forEach(rest -> orders.add(one + rest));
        if (ofOther > 0) orders(one, ofOne, other, ofOther - 1).forEach(rest -> orders.add(other + rest));
        return orders;
    }

    /** Some of all {@link #orders}, each as likely as any other; the same ones in each run. */
    public static List<String> someOrders(char one, int ofOne, char other, int ofOther, int howMany) {
        Random random = new Random(1);
        List<Character> turns = new ArrayList<>(Collections.nCopies(ofOne, one));
        turns.addAll(Collections.nCopies(ofOther, other));
        List<String> orders = new ArrayList<>();
        while (orders.size() < howMany) {
            Collections.shuffle(turns, random);
            orders.add(turns.stream().map(String::valueOf).collect(Collectors.joining()));
        }
        return orders;
    }

    /** Adds one who is known by a letter. */
    public Lockstep with(char actor, Consumer<S3Client> work) {
        WatchedS3 own = new WatchedS3(s3, new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                begin(actor);
            }

            @Override
            public void after(S3Request request) {
                end();
            }
        });
        actors.put(
                actor,
                new FutureTask<>(
                        () -> {
                            try {
                                work.accept(own);
                            } finally {
                                leave(actor);
                            }
                        },
                        null));
        return this;
    }

    /** Until all are done. */
    public void run() {
        actors.values().forEach(Thread.ofPlatform().daemon()::start);
        for (FutureTask<?> actor : actors.values()) {
            try {
                actor.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private synchronized void begin(char actor) {
        try {
            // An actor may have several requests at the same time; each of them takes a turn of its own.
            while (!turns.isEmpty() && (underWay || turns.peek() != actor)) wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        underWay = true;
    }

    private synchronized void end() {
        turns.poll();
        underWay = false;
        notifyAll();
    }

    private synchronized void leave(char actor) {
        turns.removeIf(turn -> turn == actor);
        notifyAll();
    }
}
