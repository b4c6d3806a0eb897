package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerSettings.Issuer;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;
import java.util.List;
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
                        new Issuer("shop", "shop-sdk", JwtIssuer.AUDIENCE, shop.jwksUrl()),
                        new Issuer("bank", "bank-sdk", JwtIssuer.AUDIENCE, bank.jwksUrl())),
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

    private static String jwt(JwtIssuer signer, String issuer) {
        return signer.jwt("user", "session-1", claims -> claims.issuer(issuer));
    }
}
