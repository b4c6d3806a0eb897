package dev.lunasec.operator.misbehaving;

import static dev.lunasec.operator.misbehaving.OperatorBehindFront.MORE;
import static dev.lunasec.operator.misbehaving.OperatorBehindFront.UNDISTURBED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lunasec.operator.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * While the API server misbehaves, the operator does not repeat requests without a pause. Afterwards a vault has the
 * same objects and the same status as a vault that nothing disturbed.
 */
@Tag("api-server")
class MisbehavingApiServerTest {
    private static final String DISTURBED = "v01";

    private OperatorBehindFront operator;

    @BeforeEach
    void start() throws Exception {
        operator = new OperatorBehindFront();
    }

    @AfterEach
    void stop() throws Exception {
        operator.close();
    }

    @Test
    void conflictsOfStatusPatchesPass() {
        List<Request> refused = refuseTwice(
                request -> request.isStatusPatch() && request.name().equals(DISTURBED), new Reaction.Refuse(409));
        operator.start();
        applyBoth();
        assertThat(refused).hasSize(2);
    }

    static Stream<Arguments> requestsThatAreTooMany() {
        Predicate<Request> list =
                request -> request.isList() && request.resource().equals("tokenizers");
        Predicate<Request> apply = request -> request.method().equals("PATCH")
                && request.resource().equals("services")
                && request.name().equals(DISTURBED);
        Predicate<Request> status =
                request -> request.isStatusPatch() && request.name().equals(DISTURBED);
        return Stream.of(arguments("a list", list), arguments("an apply", apply), arguments("a status patch", status));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsThatAreTooMany")
    void theOperatorWaitsAsLongAsTheApiServerSays(String name, Predicate<Request> which) {
        List<Request> refused = refuseTwice(which, new Reaction.Refuse(429, Map.of("Retry-After", "1")));
        operator.start();
        applyBoth();
        assertThat(refused).hasSize(2);
        List<Request> all = operator.front.requests().stream().filter(which).toList();
        for (int i = 0; i < 2; i++) {
            assertThat(Duration.ofNanos(all.get(i + 1).at() - all.get(i).at()))
                    .as("pause after refusal %d", i + 1)
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        assertThat(all).hasSizeLessThanOrEqualTo(16);
    }

    /**
     * As after a compaction of etcd: each watch from an old version gets an error until the objects have been listed
     * again.
     */
    @Test
    void aWatchWhoseVersionIsGoneStartsAnewFromAList() {
        Set<String> listed = ConcurrentHashMap.newKeySet();
        Map<String, Integer> refused = breakWatches(request -> {
            if (request.isList()) listed.add(request.objects());
            return request.isWatch() && !listed.contains(request.objects())
                    ? new Reaction.ErrorEvent(410)
                    : Reaction.PASS;
        });
        assertThat(refused.values()).as("watches that got the error").allMatch(count -> count == 1);
        assertThat(listed).containsAll(refused.keySet());
    }

    /** The API server sends the error as an event of the watch. A proxy before it may answer so to the request. */
    @Test
    void aWatchThatIsRefusedIsTriedAgainAfterAPause() {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        Map<String, Integer> refused =
                breakWatches(request -> request.isWatch() && seen.merge(request.objects(), 1, Integer::sum) <= 2
                        ? new Reaction.Refuse(410)
                        : Reaction.PASS);
        assertThat(refused.values()).as("watches that were refused").allMatch(count -> count == 2);
    }

    /**
     * Ends all watches of a settled operator, changes a vault, and waits until the operator has made the change and
     * watches all again.
     *
     * @return how often the watch of which objects was not passed on
     */
    private Map<String, Integer> breakWatches(Function<Request, Reaction> script) {
        operator.start();
        operator.apply(UNDISTURBED, 3);
        operator.apply(DISTURBED, 2);
        operator.awaitReady(List.of(UNDISTURBED, DISTURBED));

        Map<String, Integer> refused = new ConcurrentHashMap<>();
        Map<String, Integer> passed = new ConcurrentHashMap<>();
        Map<String, Integer> lists = new ConcurrentHashMap<>();
        operator.front.script(request -> {
            Reaction reaction = script.apply(request);
            if (request.isWatch()) {
                (reaction == Reaction.PASS ? passed : refused).merge(request.objects(), 1, Integer::sum);
            }
            if (request.isList()) lists.merge(request.objects(), 1, Integer::sum);
            return reaction;
        });
        int watches = operator.front.endWatches();
        operator.apply(DISTURBED, 3);
        operator.awaitReady(List.of(DISTURBED));
        operator.awaitSameObjects(List.of(DISTURBED), UNDISTURBED);
        await().untilAsserted(() -> assertThat(passed).hasSize(watches));
        assertThat(refused).isNotEmpty();
        assertThat(passed.values()).as("watches that were passed on").allMatch(count -> count <= 2);
        // The client takes a watch that ends soon and without an event for one whose version is gone.
        assertThat(lists.values()).as("lists").allMatch(count -> count <= 3);
        return refused;
    }

    @Test
    void aWatchThatStaysSilentDelaysAChangeByTheIntervalAtMost() {
        operator.startWithInterval(Duration.ofSeconds(2));
        operator.apply(UNDISTURBED, 3);
        operator.apply(DISTURBED, 2);
        operator.awaitReady(List.of(UNDISTURBED, DISTURBED));
        AtomicInteger silent = silenceTheWatchOfTokenizers();
        int before = operator.requests(DISTURBED);
        long began = System.nanoTime();
        operator.apply(DISTURBED, 3);
        operator.awaitReady(List.of(DISTURBED));
        operator.awaitSameObjects(List.of(DISTURBED), UNDISTURBED);
        long passes = (System.nanoTime() - began) / Duration.ofSeconds(2).toNanos();
        assertThat((long) operator.requests(DISTURBED) - before).isLessThanOrEqualTo(30 + 10 * passes);
        assertThat(silent).hasValue(1);
    }

    @Test
    void aPauseStopsADeletionAlthoughTheWatchIsSilent() {
        World world = operator.world;
        operator.startWithInterval(Duration.ofSeconds(2));
        world.applyStorage(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.awaitCondition("Ready", "True", "AllReady");
        world.podOnADeadNode("vault-dead");
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        silenceTheWatchOfTokenizers();
        world.pause(true);
        // A pass that read the resource before the pause may still be running; the pass after it sees the pause.
        awaitPasses(2);
        world.client
                .pods()
                .inNamespace(world.namespace)
                .withName("vault-dead")
                .withGracePeriod(0)
                .delete();
        awaitPasses(3);
        assertThat(world.bucketExists()).isTrue();
        assertThat(world.has("vault-keyring")).isTrue();
    }

    /** Waits for passes of the deletion, each of which reads the resource once. */
    private void awaitPasses(int passes) {
        long before = readsOfTheResource();
        await().until(() -> readsOfTheResource() >= before + passes);
    }

    private long readsOfTheResource() {
        return operator.front.requests().stream()
                .filter(request -> request.method().equals("GET"))
                .filter(request -> request.resource().equals("tokenizers")
                        && request.name().equals("vault"))
                .count();
    }

    /** From now on the watch is connected and sends nothing; returns how many such watches there were. */
    private AtomicInteger silenceTheWatchOfTokenizers() {
        AtomicInteger silent = new AtomicInteger();
        operator.front.script(request -> {
            if (!request.isWatch() || !request.resource().equals("tokenizers")) return Reaction.PASS;
            silent.incrementAndGet();
            return new Reaction.Silence();
        });
        operator.front.endWatches();
        await().until(() -> silent.get() == 1);
        return silent;
    }

    /** Reacts so to the first two of these requests, and returns the list that they go into. */
    private List<Request> refuseTwice(Predicate<Request> which, Reaction reaction) {
        List<Request> refused = Collections.synchronizedList(new ArrayList<>());
        operator.front.script(request -> {
            synchronized (refused) {
                if (refused.size() == 2 || !which.test(request)) return Reaction.PASS;
                refused.add(request);
                return reaction;
            }
        });
        return refused;
    }

    private void applyBoth() {
        List.of(UNDISTURBED, DISTURBED).forEach(vault -> operator.apply(vault, 2));
        operator.awaitReady(List.of(UNDISTURBED, DISTURBED));
        operator.awaitSameObjects(List.of(DISTURBED), UNDISTURBED);
        operator.assertThatAnotherPassWritesNothing(2);
        assertThat(operator.writes(DISTURBED))
                .hasSizeLessThanOrEqualTo(MORE * operator.writes(UNDISTURBED).size());
    }
}
