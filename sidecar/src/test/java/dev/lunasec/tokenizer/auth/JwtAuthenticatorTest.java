package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.settings.TokenizerSettings.Issuer;
import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.failure.Failure;
import dev.lunasec.tokenizer.testing.DemoIssuer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two issuers in one vault: what one signs says nothing of the other's sessions. */
class JwtAuthenticatorTest {
    private DemoIssuer shop;
    private DemoIssuer bank;
    private Authenticator authenticator;

    @BeforeEach
    void start() {
        shop = new DemoIssuer();
        bank = new DemoIssuer();
        authenticator = new IssuersAndCluster(
                List.of(
                        new Issuer("shop", "shop-sdk", DemoIssuer.AUDIENCE, shop.jwksUrl(), null),
                        new Issuer("bank", "bank-sdk", DemoIssuer.AUDIENCE, bank.jwksUrl(), null)),
                null);
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
                                Failed.class,
                                failed -> assertThat(failed.failure()).isEqualTo(Failure.UNAUTHENTICATED));
            }
            eachIssuerSignsForItself();
        }
    }

    private static String jwt(DemoIssuer signer, String issuer) {
        return signer.jwt("user", "session-1", claims -> claims.issuer(issuer));
    }
}
