package dev.lunasec.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.operator.controller.RuntimeSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class OperatorSettingsTest {
    @Test
    void withoutAWordTheOperatorLendsItsIdentityToNobody() {
        assertThat(OperatorSettings.from(Map.of()).runtime().vaults().ownIdentity())
                .isFalse();
        assertThat(OperatorSettings.from(Map.of("ALLOW_OWN_IDENTITY", "true"))
                        .runtime()
                        .vaults()
                        .ownIdentity())
                .isTrue();
        assertThatThrownBy(() -> OperatorSettings.from(Map.of("ALLOW_OWN_IDENTITY", "yes")))
                .isInstanceOf(OperatorSettings.Invalid.class)
                .hasMessageContaining("ALLOW_OWN_IDENTITY is yes")
                .hasMessageContaining("true or false");
    }

    @Test
    void everyRetiredShareIsKeptForOverAnHourUnlessATestLowersIt() {
        assertThat(OperatorSettings.from(Map.of()).runtime().vaults().minimumGracePeriod())
                .isEqualTo(Duration.ofMinutes(70));
        assertThat(OperatorSettings.from(Map.of("MINIMUM_GRACE_PERIOD", "0s"))
                        .runtime()
                        .vaults()
                        .minimumGracePeriod())
                .isEqualTo(Duration.ZERO);
        assertThatThrownBy(() -> OperatorSettings.from(Map.of("MINIMUM_GRACE_PERIOD", "none")))
                .isInstanceOf(OperatorSettings.Invalid.class)
                .hasMessageContaining("MINIMUM_GRACE_PERIOD is none")
                .hasMessageContaining("70m");
    }

    @Test
    void theLeaseIsTheReleases() {
        Map<String, String> environment =
                Map.of("LEASE_NAMESPACE", "vaults", "LEASE_NAME", "second-tokenizer-operator", "POD_NAME", "one");
        assertThat(OperatorSettings.from(environment).runtime().lease())
                .isEqualTo(new RuntimeSettings.Lease("vaults", "second-tokenizer-operator", "one"));
        assertThatThrownBy(() -> OperatorSettings.from(
                        Map.of("LEASE_NAMESPACE", "vaults", "LEASE_NAME", "Second", "POD_NAME", "one")))
                .isInstanceOf(OperatorSettings.Invalid.class)
                .hasMessageContaining("LEASE_NAME");
    }
}
