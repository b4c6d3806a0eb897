package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Operator and workers are killed after the first write of a rotation, after the second write of the next rotation, and
 * so on: each time the rotation ends, and every token reads. {@link FatalWrites} can leave some of them out.
 */
@Tag("full")
class EveryRotationCrashTest {
    private static RotationCrash crash;

    @BeforeAll
    static void start() throws Exception {
        crash = new RotationCrash(SharedSystem.get(), "rotating-always");
    }

    @AfterAll
    static void stop() {
        crash.close();
    }

    @Test
    void theOperatorIsKilledAfterEachOfItsWritesInTurn() throws Exception {
        List<String> writes = List.of();
        boolean killed = true;
        // Up to the rotation that has no such write, whose operator nobody kills before the end.
        for (int fatal = FatalWrites.first(); killed; fatal = FatalWrites.after(fatal)) {
            assertThat(fatal).as("writes of one rotation").isLessThan(40);
            writes = crash.rotateWithOperatorKilledAfter(fatal);
            crash.assertEveryTokenReads("the operator was killed after write " + fatal + " of " + writes);
            killed = writes.size() == fatal;
        }
        assertThat(writes).as("what a rotation writes").hasSizeGreaterThan(10);
        System.out.println("The operator was killed after " + FatalWrites.of(writes));
    }

    /** Every write counts here, also those of the status and of Events, and each process makes one. */
    @Test
    void oneRotationIsMadeByOperatorsThatDieAfterTheirFirstWrite() throws Exception {
        int killed = crash.rotateWithOperatorsThatDieAfterOneWrite();
        crash.assertEveryTokenReads("every operator died after its first write");
        System.out.println("A rotation was made by " + killed + " operators that died after one write each.");
    }

    @Test
    void aWorkerIsKilledAfterEachOfItsWrites() {
        List<String> writes = crash.rotateWithWorkerKilledAfter(RotationCrash.NEVER);
        assertThat(writes).as("what a worker writes").hasSize(2 * RotationCrash.RECORDS);
        int first = FatalWrites.first(writes.size());
        for (int fatal = first; fatal <= writes.size(); fatal = FatalWrites.after(fatal)) {
            crash.rotateWithWorkerKilledAfter(fatal);
            crash.assertEveryTokenReads("a worker was killed after write " + fatal + " of " + writes.size());
        }
        System.out.println("The worker was killed after " + FatalWrites.of(writes));
    }
}
