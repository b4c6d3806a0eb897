package dev.lunasec.local;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two rotations of a vault with 5,000 records whose callers ask without a pause. The system properties {@code rotations}
 * and {@code records} set other numbers. With more than 16,000 records, rewrap and sweep list several pages of each hex
 * digit.
 */
@Tag("full")
class LargeRotationUnderLoadTest {
    private static final int RECORDS = Integer.getInteger("records", 5_000);
    private static final int ROTATIONS = Integer.getInteger("rotations", 2);

    @Test
    void rotationsUnderLoadLoseNothingAndFailNoRequest() throws Exception {
        try (RotationUnderLoad load = new RotationUnderLoad(SharedSystem.get(), "loaded-large", Duration.ZERO)) {
            load.losesNothingAndFailsNoRequest(RECORDS, 500, ROTATIONS);
        }
    }
}
