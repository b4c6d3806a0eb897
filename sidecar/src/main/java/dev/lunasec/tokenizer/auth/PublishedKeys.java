package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer, as it published them.
 *
 * @param issuer the {@code iss} claim that was published with them; null when only the keys were
 */
record PublishedKeys(@Nullable String issuer, JWKSet keys) {

    /** Whether issuer and keys are the same. The order of the keys does not matter. */
    boolean isSameAs(PublishedKeys other) {
        return Objects.equals(issuer, other.issuer)
                && Set.copyOf(keys.getKeys()).equals(Set.copyOf(other.keys.getKeys()));
    }

    /** Where the keys come from. */
    @FunctionalInterface
    interface Source {
        /**
         * Fetches the keys.
         *
         * @throws IOException saying why they cannot be fetched; after a bounded time at the latest
         */
        PublishedKeys fetch() throws IOException;
    }
}
