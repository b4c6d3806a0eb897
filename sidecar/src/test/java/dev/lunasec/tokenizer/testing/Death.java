package dev.lunasec.tokenizer.testing;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.model.S3Request;

/** The end of a process at one moment of its life: from then on it asks the store for nothing. */
public final class Death implements WatchedS3.Watch {
    /** Nothing catches it. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private final AtomicInteger moments = new AtomicInteger();
    private final int at;

    /**
     * Not yet.
     *
     * @param at counted from 1 on; each request has a moment before it and one after it
     */
    public Death(int at) {
        this.at = at;
    }

    /** A life. */
    public interface Life {
        void live() throws InterruptedException;
    }

    /** Whether a life ended with it. */
    public static boolean of(Life life) throws InterruptedException {
        try {
            life.live();
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    /** Whether it came to it. */
    public boolean came() {
        return moments.get() >= at;
    }

    @Override
    public void before(S3Request request) {
        pass();
    }

    @Override
    public void after(S3Request request) {
        pass();
    }

    private void pass() {
        if (moments.incrementAndGet() >= at) throw new Killed();
    }
}
