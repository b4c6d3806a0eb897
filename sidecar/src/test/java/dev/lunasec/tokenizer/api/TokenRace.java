package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.api.TokenHistory.Call;
import dev.lunasec.tokenizer.api.TokenHistory.Operation;
import dev.lunasec.tokenizer.api.TokenHistory.Outcome;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One race: 32 callers ask two pods of a vault about one token at the same time. Three of them grant and revoke it, two
 * erase it, and all others read it and make tokens of their own. A seed chooses what each caller asks; the machine
 * chooses the order.
 */
final class TokenRace {
    private static final int CALLERS = 32;

    /** Calls of each caller before the erasures begin. */
    private static final int BEFORE = 8;

    /** The most calls of a caller while erasures are under way, and after that. */
    private static final int WHILE = 20;

    private static final int AFTER = 2;
    private static final int ERASERS = 2;

    /** Few, because a read that overlaps a grant may be served whatever was revoked. */
    private static final int MANAGERS = 3;

    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);

    private record User(String session, String jwt) {}

    private static final List<Operation> READS = List.of(
            Operation.DETOKENIZE, Operation.DETOKENIZE, Operation.METADATA, Operation.METADATA, Operation.VERIFY);

    private static final List<Operation> CHANGES = List.of(
            Operation.GRANT,
            Operation.GRANT,
            Operation.GRANT,
            Operation.REVOKE_TOKEN,
            Operation.REVOKE_SESSION,
            Operation.REVOKE_PAIR);

    private final TestVault vault;
    private final List<Api> pods;
    private final String application;
    private final List<User> users;
    private final String token;
    private final AtomicLong clock = new AtomicLong();
    private final CyclicBarrier start = new CyclicBarrier(CALLERS);
    private final CountDownLatch erasing = new CountDownLatch(ERASERS);
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Set<String> receipts = ConcurrentHashMap.newKeySet();

    TokenRace(TestVault vault, List<Api> pods) {
        this.vault = vault;
        this.pods = pods;
        this.application = vault.issuer.jwt("application", "");
        this.users = Stream.of("session-1", "session-2", "session-3")
                .map(session -> new User(session, vault.issuer.jwt("user", session)))
                .toList();
        // Its maker has a grant for it.
        User maker = users.getFirst();
        long began = clock.incrementAndGet();
        this.token = pods.getFirst().store(maker.jwt, SECRET);
        calls.add(new Call(Operation.GRANT, maker.session, began, clock.incrementAndGet(), Outcome.DONE));
    }

    /** Runs it. */
    TokenHistory run(long seed) throws Exception {
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int number = i;
            callers.add(() -> call(number, new Random(seed * CALLERS + number)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> caller : threads.invokeAll(callers, 60, TimeUnit.SECONDS)) caller.get();
        }
        return new TokenHistory(calls);
    }

    /** The receipts of all erasures. */
    Set<String> receipts() {
        return receipts;
    }

    private Void call(int number, Random random) throws Exception {
        start.await();
        store(number, random);
        for (int i = 0; i < BEFORE; i++) ask(number, random);
        if (number < ERASERS) {
            try {
                ask(Operation.ERASE, user(number, random), random);
            } finally {
                erasing.countDown();
            }
        }
        for (int i = 0; i < WHILE && erasing.getCount() > 0; i++) ask(number, random);
        for (int i = 0; i < AFTER; i++) ask(number, random);
        return null;
    }

    private void ask(int number, Random random) {
        User user = user(number, random);
        if (number < CALLERS - MANAGERS) {
            ask(READS.get(random.nextInt(READS.size())), user, random);
            return;
        }
        Operation change = CHANGES.get(random.nextInt(CHANGES.size()));
        ask(change, user, random);
        if (change == Operation.GRANT) return;
        // No grant of this manager overlaps these.
        ask(Operation.DETOKENIZE, user, random);
        ask(Operation.METADATA, user, random);
    }

    /** Each manager mostly manages a session of its own. */
    private User user(int number, Random random) {
        boolean any = number < CALLERS - MANAGERS || random.nextInt(4) == 0;
        return users.get(any ? random.nextInt(users.size()) : CALLERS - 1 - number);
    }

    /** Another token, which its maker reads: what happens to the one of the race does not reach it. */
    private void store(int number, Random random) {
        String maker = vault.issuer.jwt("user", "maker-" + number);
        Answer made = pod(random).postUntilRedisAnswers("/tokenize", maker, "{}");
        if (made.status() != 200) throw unexpected("/tokenize", made);
        String other = made.data().get("tokenId").textValue();
        Answer read = pod(random).postUntilRedisAnswers("/detokenize", maker, Api.of(other));
        if (read.status() != 200) throw unexpected("/detokenize of the maker", read);
    }

    private void ask(Operation operation, User user, Random random) {
        String session = user.session;
        Api pod = pod(random);
        String pair = "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"}";
        long began = clock.incrementAndGet();
        Answer answer = switch (operation) {
            case GRANT -> pod.postUntilRedisAnswers("/grant/set", application, pair);
            case REVOKE_TOKEN -> pod.postUntilRedisAnswers("/grant/revoke", application, Api.of(token));
            case REVOKE_SESSION ->
                pod.postUntilRedisAnswers("/grant/revoke", application, "{\"sessionId\":\"" + session + "\"}");
            case REVOKE_PAIR -> pod.postUntilRedisAnswers("/grant/revoke", application, pair);
            case ERASE -> pod.postUntilRedisAnswers("/token/erase", application, Api.of(token));
            case DETOKENIZE -> pod.postUntilRedisAnswers("/detokenize", user.jwt, Api.of(token));
            case METADATA -> pod.postUntilRedisAnswers("/metadata/get", user.jwt, Api.of(token));
            case VERIFY -> pod.postUntilRedisAnswers("/grant/verify", application, pair);
        };
        calls.add(new Call(operation, session, began, clock.incrementAndGet(), outcome(operation, answer)));
        if (operation == Operation.ERASE)
            receipts.add(answer.data().get("receipt").textValue());
    }

    private static Outcome outcome(Operation operation, Answer answer) {
        if (answer.status() == 200) {
            boolean isInvalid =
                    operation == Operation.VERIFY && !answer.data().get("valid").booleanValue();
            return isInvalid ? Outcome.REFUSED : Outcome.DONE;
        }
        if (operation == Operation.ERASE) throw unexpected("/token/erase", answer);
        if (answer.error().equals("noGrant")) return Outcome.REFUSED;
        if (answer.error().equals("unknownToken")) return Outcome.ERASED;
        throw unexpected(operation.name(), answer);
    }

    private Api pod(Random random) {
        return pods.get(random.nextInt(pods.size()));
    }

    private static AssertionError unexpected(String what, Answer answer) {
        return new AssertionError(what + " was answered with " + answer.status() + " " + answer.error());
    }
}
