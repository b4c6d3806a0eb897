package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.util.Base64URL;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Whatever stands in the header {@code authorization} is refused with a sentence that does not repeat it. Nothing can
 * be accepted here, because the issuer's keys are never fetched.
 */
@Tag("pure")
class CredentialsFuzzTest {
    private static final String SENTENCES =
            "The JWT (is longer than 8192 characters; have its issuer write fewer claims into it"
                    + "|is of an issuer that this vault does not know; add an entry for its iss to"
                    + " spec\\.auth\\.issuers, or for the token of a pod its ServiceAccount to"
                    + " spec\\.auth\\.applications"
                    + "|is not signed by a key that its issuer publishes, or has an alg or a typ that this vault"
                    + " refuses; send a JWT as its issuer signed it)\\."
                    + "|The credentials are not a signed JWT; send one as its issuer signed it in the header"
                    + " authorization\\."
                    + "|The keys of the JWT's issuer can't be fetched at the moment; try again soon\\.";

    /** Fetches from a port on which nothing listens, twice at most; the caller waits for that. */
    private static final IssuerRouter ROUTER = new IssuerRouter(
            List.of(Issuers.unlimited("shop", "node-sdk", URI.create("http://127.0.0.1:1/jwks"))),
            null,
            null,
            new Timing(Duration.ofDays(1), Duration.ofDays(1), Duration.ofSeconds(5), Duration.ofDays(1)));

    /** The header as it is; and as a JWT of three lines: its header, its claims, and its signature. */
    @FuzzTest(maxDuration = "10m")
    void whatIsNoValidJwtIsRefused(byte[] input) {
        // Jazzer reports every other connection, for example one to a URL that a JWT names.
        try (SilentCloseable allowed = BugDetectors.allowNetworkConnections((host, port) -> port == 1)) {
            String text = new String(input, StandardCharsets.UTF_8);
            refused(text);
            String[] lines = text.split("\n", 3);
            if (lines.length < 3) return;
            refused(String.join(
                    ".", Arrays.stream(lines).map(CredentialsFuzzTest::encoded).toList()));
        }
    }

    private static String encoded(String part) {
        return Base64URL.encode(part).toString();
    }

    private static void refused(String credentials) {
        try {
            Caller caller = ROUTER.authenticate(credentials);
            throw new AssertionError("accepted as " + caller);
        } catch (CallFailed refused) {
            assertThat(refused.failure()).isIn(ErrorCode.UNAUTHENTICATED, ErrorCode.ISSUER_UNAVAILABLE);
            assertThat(refused.sentence()).matches(SENTENCES);
        }
    }
}
