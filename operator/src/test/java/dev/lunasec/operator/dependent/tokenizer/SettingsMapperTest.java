package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.api.v1alpha1.AuthSpec;
import dev.lunasec.contract.TokenizerSettings;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class SettingsMapperTest {
    /** The resource's API depends on no other module, so it has the actions once more. */
    @Test
    void theActionsOfTheResourceAreThoseOfTheTokenizer() {
        ObjectMapper json = new ObjectMapper();
        assertThat(Arrays.stream(AuthSpec.Action.values())
                        .collect(Collectors.toMap(Enum::name, action -> json.convertValue(action, String.class))))
                .isEqualTo(Arrays.stream(TokenizerSettings.Action.values())
                        .collect(Collectors.toMap(Enum::name, TokenizerSettings.Action::label)));
    }

    @Test
    void theKindsOfTheResourceAreThoseOfTheTokenizer() {
        assertThat(Arrays.stream(AuthSpec.Kind.values()).map(Enum::name))
                .containsExactlyElementsOf(Arrays.stream(TokenizerSettings.Kind.values())
                        .map(Enum::name)
                        .toList());
    }
}
