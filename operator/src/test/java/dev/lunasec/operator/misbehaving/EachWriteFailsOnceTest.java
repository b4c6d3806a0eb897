package dev.lunasec.operator.misbehaving;

import static dev.lunasec.operator.misbehaving.OperatorBehindFront.MORE;
import static dev.lunasec.operator.misbehaving.OperatorBehindFront.UNDISTURBED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A write that fails once leaves the vault with the same objects and the same status as a vault whose writes all
 * succeed.
 */
@Tag("api-server")
class EachWriteFailsOnceTest {
    private OperatorBehindFront operator;

    @BeforeEach
    void start() throws Exception {
        operator = new OperatorBehindFront();
    }

    @AfterEach
    void stop() throws Exception {
        operator.close();
    }

    /** The n-th write of these words. */
    private record Write(String words, int n) {
        boolean isOfAnObject() {
            return !words.contains("events ") && !words.endsWith("/status");
        }
    }

    static Stream<Arguments> failuresOfAWrite() {
        return Stream.of(
                arguments("an answer 500", new Reaction.Refuse(500)),
                arguments("a connection that is cut before the write", Reaction.Cut.BEFORE),
                arguments("a connection that is cut after the write", Reaction.Cut.AFTER));
    }

    /** One vault for each write that an undisturbed vault takes; this write of the vault fails once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresOfAWrite")
    void eachWriteMayFailOnce(String name, Reaction failure) {
        operator.startWithoutRepeats();
        operator.apply(UNDISTURBED, 2);
        operator.awaitReady(List.of(UNDISTURBED));
        operator.assertThatAnotherPassWritesNothing(1);
        List<Write> writes = numbered(operator.writes(UNDISTURBED));
        assertThat(writes).as("writes of an undisturbed vault").hasSizeGreaterThan(15);

        Map<String, Write> planned = new TreeMap<>();
        for (int i = 0; i < writes.size(); i++) planned.put("v%02d".formatted(i + 1), writes.get(i));
        Map<String, Map<String, Integer>> seen = new HashMap<>();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        operator.front.script(request -> {
            if (!request.isWrite() || request.name().length() < 3) return Reaction.PASS;
            String vault = request.name().substring(0, 3);
            Write fails = planned.get(vault);
            if (fails == null) return Reaction.PASS;
            String words = request.write(vault);
            int n = seen.computeIfAbsent(vault, v -> new HashMap<>()).merge(words, 1, Integer::sum);
            return fails.equals(new Write(words, n)) && failed.add(vault) ? failure : Reaction.PASS;
        });
        List<String> vaults = List.copyOf(planned.keySet());
        vaults.forEach(vault -> operator.apply(vault, 2));
        operator.awaitReady(vaults);
        operator.awaitSameObjects(vaults, UNDISTURBED);
        operator.assertThatAnotherPassWritesNothing(vaults.size() + 1);

        for (String vault : vaults) {
            assertThat(operator.writes(vault))
                    .as("writes of %s, whose %s failed", vault, planned.get(vault))
                    .hasSizeLessThanOrEqualTo(MORE * writes.size());
            assertThat(operator.requests(vault))
                    .as("requests for %s, whose %s failed", vault, planned.get(vault))
                    .isLessThanOrEqualTo(MORE * operator.requests(UNDISTURBED));
        }
        // How many statuses and Events there are depends on how fast the pods become ready.
        planned.forEach((vault, write) -> {
            if (write.isOfAnObject()) assertThat(failed).as("%s", write).contains(vault);
        });
    }

    private static List<Write> numbered(List<String> writes) {
        Map<String, Integer> seen = new HashMap<>();
        return writes.stream()
                .map(words -> new Write(words, seen.merge(words, 1, Integer::sum)))
                .toList();
    }
}
