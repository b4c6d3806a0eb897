package dev.lunasec.bench;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is measured, and what each is compared with. */
enum Load {
    BASELINE("Javalin with one GET of Redis", null, null),
    BAO_DECRYPT("OpenBao, transit decrypt", null, null),
    BAO_ENCRYPT("OpenBao, transit encrypt", null, null),
    STORE_GET("the store alone, GET", null, null),
    STORE_PUT("the store alone, PUT", null, null),
    SIGNED_PUT("the store alone, PUT of 1 KiB to a signed URL", null, null),
    SIGNED_GET("the store alone, GET of 1 KiB from a signed URL", null, null),
    WARM("/detokenize, record in the pod", BAO_DECRYPT, null),
    COLD("/detokenize, record not in the pod", BAO_DECRYPT, STORE_GET),
    TOKENIZE("/tokenize", BAO_ENCRYPT, STORE_PUT),
    GRANT("/grant/set", null, null),
    VALUE_PUT("/tokenize and PUT of 1 KiB to its URL", null, SIGNED_PUT),
    VALUE_GET("/detokenize and GET of 1 KiB from its URL", null, SIGNED_GET);

    /** The loads that a run measures longest. */
    private static final Set<Load> LONG = EnumSet.of(BASELINE, WARM, COLD, TOKENIZE, GRANT);

    final String title;
    final @Nullable Load ofOpenBao;
    final @Nullable Load ofStore;

    Load(String title, @Nullable Load ofOpenBao, @Nullable Load ofStore) {
        this.title = title;
        this.ofOpenBao = ofOpenBao;
        this.ofStore = ofStore;
    }

    /** How long the load is measured, if the most important ones are measured for so long. */
    Duration measured(Duration longest) {
        return LONG.contains(this) ? longest : longest.dividedBy(2);
    }
}
