package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.KeyServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JWTs that try to choose their own key, or to live longer. AuthenticationTest has those with another algorithm. */
@Tag("embedded")
class JwtAttacksTest {
    private static final String KID = "lunasec-signing-key";
    private static final String CLAIMS = claims("shop-sdk");

    private static JwtIssuer shop;
    private static JwtIssuer bank;
    private static RSAKey stranger;
    private IssuerRouter router;

    @BeforeAll
    static void issue() throws JOSEException {
        shop = new JwtIssuer();
        bank = new JwtIssuer();
        stranger = new RSAKeyGenerator(2048).keyID(KID).generate();
    }

    @BeforeEach
    void start() {
        router = new IssuerRouter(
                List.of(
                        Issuers.unlimited("shop", "shop-sdk", shop.jwksUrl()),
                        Issuers.unlimited("bank", "bank-sdk", bank.jwksUrl())),
                null,
                null,
                Duration.ofMinutes(15));
    }

    @AfterEach
    void stop() {
        router.close();
    }

    @AfterAll
    static void stopIssuers() {
        shop.close();
        bank.close();
    }

    @Test
    void aKeyThatTheHeaderNamesIsNeitherFetchedNorUsed() {
        try (KeyServer evil = new KeyServer(new JWKSet(stranger.toPublicJWK()).toString())) {
            for (String more : List.of(
                    "\"jku\":\"" + evil.url() + "\"",
                    "\"x5u\":\"" + evil.url() + "\"",
                    "\"jku\":\"" + evil.url() + "\",\"kid\":\"" + KID + "\"",
                    "\"jwk\":" + stranger.toPublicJWK().toJSONString())) {
                refused(JwtIssuer.sign(stranger, "{\"alg\":\"RS256\"," + more + "}", CLAIMS), "notValid");
            }
            assertThat(evil.asked().availablePermits()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../../../../../dev/null",
                "/etc/passwd",
                "file:///etc/passwd",
                "lunasec-signing-key/../lunasec-signing-key",
                "x' UNION SELECT 'key",
                "LUNASEC-SIGNING-KEY"
            })
    void aKidIsOnlyComparedWithThoseOfTheIssuer(String kid) {
        String header = "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}";
        refused(JwtIssuer.sign(stranger, header, CLAIMS), "notValid");
        if (!kid.isEmpty()) refused(shop.sign(header, CLAIMS), "notValid");
    }

    @Test
    void twoIssuersWithTheSameKidKeepTheirKeysApart() {
        String header = "{\"alg\":\"RS256\",\"kid\":\"" + KID + "\"}";
        assertThat(router.authenticate(shop.sign(header, CLAIMS)).subject()).isEqualTo("shop/user");
        assertThat(router.authenticate(bank.sign(header, claims("bank-sdk"))).subject())
                .isEqualTo("bank/user");
        refused(shop.sign(header, claims("bank-sdk")), "notValid");
        refused(bank.sign(header, CLAIMS), "notValid");
    }

    /** Time goes on during the test, so each bound is exact on the side where that changes nothing. */
    @Test
    void theClocksMayDifferByThirtySecondsAndNoMore() {
        Instant now = Instant.now();
        Date before = Date.from(now.minusSeconds(30));
        Date after = Date.from(now.plusSeconds(30));
        refused(jwt(claims -> claims.expirationTime(before)), "expired");
        router.authenticate(jwt(claims -> claims.expirationTime(Date.from(now.minusSeconds(15)))));
        router.authenticate(jwt(claims -> claims.notBeforeTime(after)));
        refused(jwt(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(60)))), "notValid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
    void anAccessTokenMaySayItsType(String type) {
        assertThat(router.authenticate(shop.sign("{\"alg\":\"RS256\",\"typ\":\"" + type + "\"}", CLAIMS))
                        .session())
                .isEqualTo("session-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE"})
    void aJwtOfAnotherTypeIsNoAccessToken(String type) {
        refused(shop.sign("{\"alg\":\"RS256\",\"typ\":\"" + type + "\"}", CLAIMS), "notValid");
    }

    private String jwt(UnaryOperator<JWTClaimsSet.Builder> change) {
        return shop.jwt("user", "session-1", claims -> change.apply(claims.issuer("shop-sdk")));
    }

    private void refused(String jwt, String reason) {
        assertThatThrownBy(() -> router.authenticate(jwt)).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(failed.reason()).isEqualTo(reason);
        });
    }

    private static String claims(String issuer) {
        return "{\"iss\":\"" + issuer + "\",\"aud\":\"secure-frame\",\"sub\":\"user\",\"session_id\":\"session-1\"}";
    }
}
