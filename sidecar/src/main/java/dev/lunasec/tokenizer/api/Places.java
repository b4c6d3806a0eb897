package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The places of calls in flight. A call first counts for its caller, before its body is read, and then takes a place.
 * No session and no subject gets all places, so a caller that is slow, or that waits for a store that hangs, does not
 * lock others out.
 */
final class Places {
    /** A place, or the right to one, until it is closed. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    private static final String ALL = "all";
    private static final String ANONYMOUS = "anonymous";

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Map<String, Integer> working = new ConcurrentHashMap<>();
    private final int total;
    private final MeterRegistry metrics;

    /** @param total the number of places, at least 1 */
    Places(int total, MeterRegistry metrics) {
        this.total = total;
        this.metrics = metrics;
        Gauge.builder("tokenizer.requests.active", working, used -> used.getOrDefault(ALL, 0))
                .description("requests in flight")
                .register(metrics);
        Gauge.builder("tokenizer.requests.limit", () -> total)
                .description("the most requests in flight")
                .register(metrics);
    }

    /**
     * Counts a call of an authenticated caller: at most a sixteenth of the places for a session, and three quarters for
     * an application, which calls for many users.
     *
     * @param holder the pseudonym of the caller's session
     * @param weight as how many calls it counts
     * @throws CallFailed {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    Place count(Caller caller, String holder, int weight) {
        return caller.kind() == Kind.APPLICATION
                ? take(
                        calls,
                        caller.identity(),
                        weight,
                        forSubject(),
                        "subject",
                        "This application has too many calls at once")
                : take(
                        calls,
                        holder,
                        weight,
                        Math.max(1, total / 16),
                        "session",
                        "This session has too many calls at once");
    }

    /**
     * Takes the places of a call whose body was read. All users of an issuer are one subject, which gets at most three
     * quarters of the places.
     *
     * @param weight as how many calls it counts
     * @throws CallFailed {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    Place take(Caller caller, int weight) {
        return takeWithin(
                "subject " + caller.identity(), weight, forSubject(), "subject", "Callers of this kind are too many");
    }

    /**
     * Takes a place for a login. No caller is authenticated yet, so all logins together get at most a sixteenth of the
     * places.
     *
     * @throws CallFailed {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    Place takeForLogin() {
        return takeWithin("login", 1, Math.max(1, total / 16), "login", "Too many browsers are logging in");
    }

    /**
     * Counts a frame that redeems a code, before its body is read. No caller is authenticated yet, so all of them
     * together are one subject. Then each takes a place as a login does.
     *
     * @throws CallFailed {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    Place countRedemption() {
        return take(calls, "redemption", 1, forSubject(), "login", "Too many frames are redeeming codes");
    }

    /**
     * Counts a call of the Simple API before its body is read. No caller is authenticated, so all of them together
     * are one subject.
     *
     * @throws CallFailed {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    Place countAnonymous() {
        return take(calls, ANONYMOUS, 1, forSubject(), ANONYMOUS, "The Simple API has too many calls at once");
    }

    /**
     * Takes a place for a call of the Simple API whose body was read.
     *
     * @throws CallFailed {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    Place takeAnonymous() {
        return takeWithin(ANONYMOUS, 1, forSubject(), ANONYMOUS, "The Simple API has too many calls at once");
    }

    private int forSubject() {
        return Math.max(1, total * 3 / 4);
    }

    /** Takes places of those that a group may have, and of all. */
    private Place takeWithin(String group, int weight, int most, String reason, String why) {
        Place ofGroup = take(working, group, weight, most, reason, why);
        try {
            Place place = take(working, ALL, weight, total, "places", "The tokenizer is busy");
            return () -> {
                place.close();
                ofGroup.close();
            };
        } catch (CallFailed e) {
            ofGroup.close();
            throw e;
        }
    }

    private Place take(Map<String, Integer> used, String name, int weight, int most, String reason, String why) {
        if (used.merge(name, weight, Integer::sum) > most) {
            release(used, name, weight);
            Counter.builder("tokenizer.requests.refused")
                    .description("requests that found no place, by the limit that they met")
                    .tag("reason", reason)
                    .register(metrics)
                    .increment();
            throw new CallFailed(ErrorCode.TOO_MANY_REQUESTS, why + "; try again soon.");
        }
        return () -> release(used, name, weight);
    }

    private static void release(Map<String, Integer> used, String name, int weight) {
        used.computeIfPresent(name, (same, count) -> count == weight ? null : count - weight);
    }
}
