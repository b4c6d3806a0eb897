package dev.lunasec.tokenizer.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What callers did with one token at the same time. It says which answers no order of the calls explains.
 *
 * <p>A vault must behave as if each call happened in one moment between its request and its answer. So if one call was
 * answered before another one was sent, it comes first; calls that overlap come in any order. No order is searched for.
 * Each rule below names what is true in all orders, so an answer that breaks a rule is wrong in each of them:
 *
 * <ol>
 *   <li>After an erasure was answered, each later read, check and grant finds the token erased.
 *   <li>A token is found erased only if an erasure began before the answer.
 *   <li>A read is served only if some grant of its session may still hold: not every one of them was answered before a
 *       revocation that was answered before the read was sent.
 *   <li>A read is refused only if no grant of its session surely holds: each one that was answered before the read was
 *       sent meets a revocation that was not answered before the grant was sent.
 * </ol>
 *
 * <p>Rule 4 has one exception, which docs/records.md describes. Setting a grant takes two steps, and if a session is
 * revoked between them, the new grant does not hold. It still replaces an earlier one of the same session and token.
 */
final class TokenHistory {
    /** What a caller asks. */
    enum Operation {
        GRANT,
        REVOKE_TOKEN,
        REVOKE_SESSION,
        REVOKE_PAIR,
        ERASE,
        DETOKENIZE,
        METADATA,
        VERIFY;

        private boolean reads() {
            return this == DETOKENIZE || this == METADATA || this == VERIFY;
        }
    }

    /** What the vault answers. */
    enum Outcome {
        DONE,
        /** The session holds no grant. */
        REFUSED,
        /** The token is unknown. */
        ERASED
    }

    /**
     * A call that was answered.
     *
     * @param session that reads, or that the call names; the empty one if it names none
     * @param began before the request was sent; each moment is a different number, and numbers grow with time
     * @param ended after the answer was read
     */
    record Call(Operation operation, String session, long began, long ended, Outcome outcome) {
        private boolean isBefore(Call other) {
            return ended < other.began;
        }

        private boolean mayRevoke(String whose) {
            return switch (operation) {
                case REVOKE_TOKEN -> true;
                case REVOKE_SESSION, REVOKE_PAIR -> session.equals(whose);
                default -> false;
            };
        }
    }

    private final List<Call> calls;

    TokenHistory(Collection<Call> calls) {
        this.calls = List.copyOf(calls);
    }

    /** How many reads had an outcome. */
    long reads(Outcome outcome) {
        return calls.stream()
                .filter(call -> call.operation.reads() && call.outcome == outcome)
                .count();
    }

    /** A line for each answer that no order of the calls explains. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        for (Call call : calls) {
            String wrong = wrong(call);
            if (wrong != null) found.add(wrong + ": " + call);
        }
        return found;
    }

    private @Nullable String wrong(Call call) {
        boolean mayBeErased = any(erasure -> erasure.operation == Operation.ERASE && !call.isBefore(erasure));
        if (call.outcome == Outcome.ERASED) return mayBeErased ? null : "erased before any erasure began";
        boolean grants = call.operation == Operation.GRANT;
        if (!call.operation.reads() && !grants) return null;
        // A session without a grant does not learn that the token is erased, and a check of a grant never tells it.
        boolean tellsErased = call.outcome == Outcome.DONE || (call.operation != Operation.VERIFY && surelyHolds(call));
        if (tellsErased && any(erasure -> erasure.operation == Operation.ERASE && erasure.isBefore(call))) {
            return "not erased after an erasure was answered";
        }
        if (grants) return null;
        if (call.outcome == Outcome.DONE) return mayHold(call) ? null : "served without a grant";
        boolean unexplained = call.operation != Operation.VERIFY || !mayBeErased;
        return unexplained && surelyHolds(call) ? "refused with a grant" : null;
    }

    private boolean mayHold(Call read) {
        return any(grant -> isGrantOf(read, grant)
                && !read.isBefore(grant)
                && !any(revocation ->
                        revocation.mayRevoke(read.session) && grant.isBefore(revocation) && revocation.isBefore(read)));
    }

    private boolean surelyHolds(Call read) {
        return any(grant -> isGrantOf(read, grant)
                && grant.isBefore(read)
                && !any(revocation ->
                        revocation.mayRevoke(read.session) && !revocation.isBefore(grant) && !read.isBefore(revocation))
                && !any(later -> isGrantOf(read, later)
                        && !later.isBefore(grant)
                        && !read.isBefore(later)
                        && any(revocation -> revocation.operation == Operation.REVOKE_SESSION
                                && revocation.mayRevoke(read.session)
                                && !revocation.isBefore(later)
                                && !later.isBefore(revocation))));
    }

    private static boolean isGrantOf(Call read, Call grant) {
        return grant.operation == Operation.GRANT
                && grant.outcome == Outcome.DONE
                && Objects.equals(grant.session, read.session);
    }

    private boolean any(Predicate<Call> matches) {
        return calls.stream().anyMatch(matches);
    }
}
