package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two issuers in one vault: what one signs says nothing of the other's sessions. */
@Tag("embedded")
class JwtAuthenticatorTest {
    private JwtIssuer shop;
    private JwtIssuer bank;
    private Authenticator authenticator;

    @BeforeEach
    void start() {
        shop = new JwtIssuer();
        bank = new JwtIssuer();
        authenticator = new IssuerRouter(
                List.of(
                        Issuers.unlimited("shop", "shop-sdk", shop.jwksUrl()),
                        Issuers.unlimited("bank", "bank-sdk", bank.jwksUrl())),
                null,
                null,
                Duration.ofMinutes(15));
    }

    @AfterEach
    void stop() {
        shop.close();
        bank.close();
    }

    @Test
    void eachIssuerSignsForItself() {
        assertThat(authenticator.authenticate(jwt(shop, "shop-sdk")).subject()).isEqualTo("shop/user");
        assertThat(authenticator.authenticate(jwt(bank, "bank-sdk")).subject()).isEqualTo("bank/user");
    }

    @Test
    void noIssuerSignsForAnother() {
        // Also once the keys of both are known.
        for (int i = 0; i < 2; i++) {
            for (String forged : List.of(jwt(bank, "shop-sdk"), jwt(shop, "bank-sdk"))) {
                assertThatThrownBy(() -> authenticator.authenticate(forged))
                        .isInstanceOfSatisfying(
                                CallFailed.class,
                                failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.UNAUTHENTICATED));
            }
            eachIssuerSignsForItself();
        }
    }

    @Test
    void anIssuerSignsForItsKindsAloneAndAllowsItsActionsAlone() {
        Authenticator limited = new IssuerRouter(
                List.of(Issuers.limited(
                        "shop",
                        "shop-sdk",
                        shop.jwksUrl(),
                        EnumSet.of(Kind.USER, Kind.APPLICATION),
                        EnumSet.of(Action.DETOKENIZE, Action.GRANT))),
                null,
                null,
                Duration.ofMinutes(15));
        assertThat(limited.authenticate(jwt(shop, "user", "session-1")).actions())
                .containsExactly(Action.DETOKENIZE);
        assertThat(limited.authenticate(jwt(shop, "application", "")).actions())
                .containsExactly(Action.DETOKENIZE, Action.GRANT);
        assertThatThrownBy(() -> limited.authenticate(jwt(shop, "developer", "session-1")))
                .hasMessageContaining("add the kind to the entry shop of spec.auth.issuers");
    }

    @Test
    void usersAndDevelopersMustHaveASession() {
        for (String kind : List.of("user", "developer")) {
            assertThatThrownBy(() -> authenticator.authenticate(jwt(shop, kind, "")))
                    .hasMessageContaining("is of a " + kind + " and has no session_id");
        }
    }

    @Test
    void theRefusalOfASignedJwtNamesTheClaimThatIsWrongAndWhatToDo() {
        Date ago = Date.from(Instant.now().minusSeconds(120));
        Date ahead = Date.from(Instant.now().plusSeconds(120));
        refused(
                claims -> claims.audience("other"),
                "is for another audience; ask its issuer for one with the aud secure-frame");
        refused(claims -> claims.audience((String) null), "is for another audience; ask its issuer");
        refused(claims -> claims.expirationTime(ago), "has expired; get a new one from its issuer");
        refused(claims -> claims.expirationTime(null), "has no exp; have its issuer sign one that expires");
        refused(claims -> claims.subject(null), "has no sub; have its issuer sign one that has it");
        refused(claims -> claims.notBeforeTime(ahead), "is not valid yet; wait until the time in its nbf");
        refused(claims -> claims.issuer("stranger"), "is of an issuer that this vault does not know; add an entry");
    }

    @Test
    void aClaimThatIsNullIsMissing() throws JOSEException {
        String claims = "{\"iss\":\"shop-sdk\",\"aud\":\"" + JwtIssuer.AUDIENCE + "\",\"session_id\":\"session-1\",";
        String noExpiry = signed(claims + "\"sub\":\"user\",\"exp\":null}");
        long expires = Instant.now().plusSeconds(600).getEpochSecond();
        String noSubject = signed(claims + "\"sub\":null,\"exp\":" + expires + "}");
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() -> authenticator.authenticate(noExpiry))
                    .hasMessageStartingWith("The JWT has no exp; have its issuer sign one that expires");
            assertThatThrownBy(() -> authenticator.authenticate(noSubject))
                    .hasMessageStartingWith("The JWT has no sub; have its issuer sign one that has it");
        }
    }

    private String signed(String claims) throws JOSEException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(shop.key().getKeyID())
                .build();
        JWSObject jwt = new JWSObject(header, new Payload(claims));
        jwt.sign(new RSASSASigner(shop.key()));
        return jwt.serialize();
    }

    @Test
    void aJwtWithAForgedSignatureLearnsNothingOfTheAudience() {
        String forged = bank.jwt(
                "user", "session-1", claims -> claims.issuer("shop-sdk").audience("other"));
        assertThatThrownBy(() -> authenticator.authenticate(forged))
                .hasMessageContaining("is not signed by a key that its issuer publishes")
                .hasMessageNotContaining(JwtIssuer.AUDIENCE);
    }

    private void refused(UnaryOperator<JWTClaimsSet.Builder> change, String why) {
        String jwt = shop.jwt("user", "session-1", claims -> change.apply(claims.issuer("shop-sdk")));
        assertThatThrownBy(() -> authenticator.authenticate(jwt)).hasMessageStartingWith("The JWT " + why);
    }

    @Test
    void anIssuerWithTheNameOfAFormerOneGetsNoneOfItsGrants() {
        Authenticator later = new IssuerRouter(
                List.of(Issuers.unlimited("shop", "bank-sdk", bank.jwksUrl())), null, null, Duration.ofMinutes(15));
        Caller before = authenticator.authenticate(jwt(shop, "application", ""));
        Caller after = later.authenticate(bank.jwt("application", "", claims -> claims.issuer("bank-sdk")));
        assertThat(after.subject()).isEqualTo(before.subject());
        assertThat(after.issuer()).isNotEqualTo(before.issuer());
        assertThat(after.identity()).isNotEqualTo(before.identity());
    }

    private static String jwt(JwtIssuer signer, String kind, String session) {
        return signer.jwt(kind, session, claims -> claims.issuer("shop-sdk"));
    }

    private static String jwt(JwtIssuer signer, String issuer) {
        return signer.jwt("user", "session-1", claims -> claims.issuer(issuer));
    }
}
