package dev.lunasec.local.shop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the database.
 *
 * @param card the token of the card
 * @param scan the token of the passport scan
 * @param supportUntil until when support may see the card; null if it may not
 */
record Customer(
        long id,
        String name,
        String email,
        String card,
        String scan,
        @Nullable Instant supportUntil) {

    /** Without the tokens. */
    @Override
    public String toString() {
        return "Customer[" + id + "]";
    }
}
