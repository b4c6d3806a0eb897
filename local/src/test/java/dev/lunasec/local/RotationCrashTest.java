package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Operator and workers are killed after some of the writes of a rotation: each time the rotation ends, and every token
 * reads. {@link EveryRotationCrashTest} kills them after every write.
 */
@Tag("system")
class RotationCrashTest {
    private static RotationCrash crash;

    @BeforeAll
    static void start() throws Exception {
        crash = new RotationCrash(SharedSystem.get(), "rotating");
    }

    @AfterAll
    static void stop() {
        crash.close();
    }

    @Test
    void theOperatorIsKilledEarlyAndLate() throws Exception {
        for (int fatal : new int[] {2, 8}) {
            assertThat(crash.rotateWithOperatorKilledAfter(fatal)).hasSize(fatal);
            crash.assertEveryTokenReads("the operator was killed after write " + fatal);
        }
    }

    @Test
    void aWorkerIsKilledInTheMiddleOfItsWrites() {
        assertThat(crash.rotateWithWorkerKilledAfter(RotationCrash.RECORDS)).hasSizeGreaterThan(RotationCrash.RECORDS);
        crash.assertEveryTokenReads("a worker was killed");
    }
}
