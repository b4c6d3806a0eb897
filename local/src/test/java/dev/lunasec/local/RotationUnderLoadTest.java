package dev.lunasec.local;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rotation of a vault with 200 records that is in use, with at most 30 requests a second. */
@Tag("system")
class RotationUnderLoadTest {
    private static final Duration PAUSE = Duration.ofMillis(200);

    @Test
    void aRotationUnderLoadLosesNothingAndFailsNoRequest() throws Exception {
        try (RotationUnderLoad load = new RotationUnderLoad(SharedSystem.get(), "loaded", PAUSE)) {
            load.losesNothingAndFailsNoRequest(200, 100, 1);
        }
    }
}
