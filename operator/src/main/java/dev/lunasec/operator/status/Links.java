package dev.lunasec.operator.status;

import java.util.ArrayList;
import java.util.List;

/**
 * Which connections of a vault are encrypted.
 *
 * @param callers those of callers to the tokenizer
 * @param redis those of the tokenizer to Redis
 * @param managedRedis whether the operator runs that Redis
 * @param store those of the operator and the tokenizer to the store
 * @param publicStore those of clients to the store
 * @param clearTextIssuers the names of the issuers whose keys are fetched without TLS
 */
public record Links(
        boolean callers,
        boolean redis,
        boolean managedRedis,
        boolean store,
        boolean publicStore,
        List<String> clearTextIssuers) {
    public Links {
        clearTextIssuers = List.copyOf(clearTextIssuers);
    }

    /** True if all connections are encrypted; else the message has one sentence for each that is not. */
    public Verdict verdict() {
        List<String> clear = new ArrayList<>();
        if (!callers) clear.add("Callers reach the tokenizer without TLS; set spec.tls.");
        if (!redis) {
            clear.add(
                    managedRedis
                            ? "The tokenizer reaches the managed Redis without TLS;"
                                    + " use an external Redis with a rediss:// URL."
                            : "The tokenizer reaches Redis without TLS; write a rediss:// URL in its Secret.");
        }
        if (!store) clear.add("The store is reached without TLS; write an https:// URL in spec.storage.endpoint.");
        if (!publicStore) {
            clear.add("Clients reach the store without TLS; write an https:// URL in spec.storage.publicEndpoint.");
        }
        for (String issuer : clearTextIssuers) {
            clear.add("The keys of the issuer " + issuer
                    + " are fetched without TLS; write an https:// URL in its jwksUrl.");
        }
        return clear.isEmpty()
                ? Verdict.yes("AllEncrypted", "All connections of the vault use TLS.")
                : Verdict.no("ClearText", String.join(" ", clear));
    }
}
