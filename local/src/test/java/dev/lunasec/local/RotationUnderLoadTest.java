package dev.lunasec.local;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rotation of a vault with 200 records that is in use. */
@Tag("system")
class RotationUnderLoadTest {
    @Test
    void aRotationUnderLoadLosesNothingAndFailsNoRequest() throws Exception {
        try (RotationUnderLoad load = new RotationUnderLoad(SharedSystem.get(), "loaded")) {
            load.losesNothingAndFailsNoRequest(200, 100, 1);
        }
    }
}
