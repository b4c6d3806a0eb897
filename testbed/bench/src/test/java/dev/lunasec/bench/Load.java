package dev.lunasec.bench;

import org.jspecify.annotations.Nullable;

/** What is measured, and what each is compared with. */
enum Load {
    BASELINE("Javalin with one GET of Redis", null, null),
    BAO_DECRYPT("OpenBao, transit decrypt", null, null),
    BAO_ENCRYPT("OpenBao, transit encrypt", null, null),
    STORE_GET("the store alone, GET", null, null),
    STORE_PUT("the store alone, PUT", null, null),
    WARM("/detokenize, record in the pod", BAO_DECRYPT, null),
    COLD("/detokenize, record not in the pod", BAO_DECRYPT, STORE_GET),
    TOKENIZE("/tokenize", BAO_ENCRYPT, STORE_PUT),
    GRANT("/grant/set", null, null);

    final String title;
    final @Nullable Load ofOpenBao;
    final @Nullable Load ofStore;

    Load(String title, @Nullable Load ofOpenBao, @Nullable Load ofStore) {
        this.title = title;
        this.ofOpenBao = ofOpenBao;
        this.ofStore = ofStore;
    }
}
