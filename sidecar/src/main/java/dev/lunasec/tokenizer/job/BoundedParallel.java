package dev.lunasec.tokenizer.job;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Runs the same work for each item, a bounded number of them at the same time, on virtual threads. */
final class BoundedParallel implements AutoCloseable {
    /**
     * Measured: a larger number is no faster if the store answers at once, and this is twice as fast as 16 if each
     * answer takes 20 ms. The client of the store has 64 connections.
     */
    static final int USUAL = 32;

    /** With so many items left, the next page is asked for: half a page of a listing. */
    private static final int AHEAD = 500;

    private final ExecutorService threads;

    BoundedParallel(int atOnce) {
        threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofVirtual().name("at-once-", 0).factory());
    }

    /** The work for one item. */
    interface Work<T> {
        void on(T item) throws InterruptedException;
    }

    /** Pages of items, one after the other; an empty page is the end. */
    interface Pages<T> {
        List<T> next() throws InterruptedException;
    }

    /** Runs the work for all items. If it fails for one, no more are started, and that failure is thrown. */
    <T> void forEach(List<T> items, Work<T> work) throws InterruptedException {
        Iterator<List<T>> pages = List.of(items, List.<T>of()).iterator();
        forEachOf(pages::next, work);
    }

    /**
     * Runs the work for the items of all pages, as {@link #forEach}. It asks for the next page while work for the pages
     * before is left, so that no thread waits for a listing. If it gets none, work may be under way until the
     * {@link #close}.
     */
    <T> void forEachOf(Pages<T> pages, Work<T> work) throws InterruptedException {
        CompletionService<Void> done = new ExecutorCompletionService<>(threads);
        int left = 0;
        for (List<T> page = pages.next(); !page.isEmpty(); page = pages.next()) {
            for (T item : page) {
                done.submit(() -> {
                    work.on(item);
                    return null;
                });
            }
            for (left += page.size(); left > AHEAD; left--) await(done);
        }
        for (; left > 0; left--) await(done);
    }

    private void await(CompletionService<Void> done) throws InterruptedException {
        try {
            done.take().get();
        } catch (ExecutionException e) {
            threads.shutdownNow();
            throw unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(@Nullable Throwable cause) throws InterruptedException {
        if (cause instanceof RuntimeException failure) return failure;
        if (cause instanceof InterruptedException interrupted) throw interrupted;
        if (cause instanceof Error error) throw error;
        return new IllegalStateException("work throws nothing else", cause);
    }

    /** Interrupts what is under way, and waits until it has ended. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
