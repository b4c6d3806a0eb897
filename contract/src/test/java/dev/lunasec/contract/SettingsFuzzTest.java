package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lunasec.contract.ClaimMappings.KindMapping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** Every {@code settings.json} is read into settings within their bounds, or refused with a sentence for people. */
@Tag("pure")
class SettingsFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void settingsAreWithinTheirBoundsOrAreRefused(byte[] input) {
        String json = new String(input, StandardCharsets.UTF_8);
        TokenizerSettings settings;
        try {
            settings = TokenizerSettings.parse(json);
        } catch (InvalidSettings refused) {
            assertThat(refused.getMessage()).isNotBlank();
            // A person reads the sentence; the name of a Java exception would say that nobody thought of this input.
            if (!json.contains("Exception")) assertThat(refused.getMessage()).doesNotContain("Exception");
            return;
        }
        String written = settings.toJson();
        assertThat(TokenizerSettings.parse(written)).isEqualTo(settings);
        assertThat(TokenizerSettings.parse(written).toJson()).isEqualTo(written);
        assertThat(settings.storage().maximumObjectSize()).isBetween(1L, 5L << 40);
        assertThat(settings.storage().urlLifetime()).isBetween(Duration.ofSeconds(1), Duration.ofDays(7));
        assertThat(settings.grants().maximumDuration()).isBetween(Duration.ofSeconds(1), Duration.ofDays(30));
        assertThat(settings.grants().defaultDuration())
                .isBetween(Duration.ofSeconds(1), settings.grants().maximumDuration());
        assertThat(settings.auth().outageTolerance()).isBetween(Duration.ofMinutes(5), Duration.ofHours(24));
        assertThat(settings.issuers()).extracting(Issuer::name).doesNotHaveDuplicates();
        assertThat(settings.issuers()).extracting(Issuer::issuer).doesNotHaveDuplicates();
        for (Issuer issuer : settings.issuers()) {
            for (KindMapping mapping : issuer.claimMappings().kinds()) {
                assertThat(issuer.kinds()).contains(mapping.kind());
                assertThat(issuer.actions()).containsAll(mapping.actions());
            }
        }
    }
}
