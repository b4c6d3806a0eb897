package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class AgentEnvironmentTest {
    private static final Map<String, String> LEAST = Map.of(
            "TOKENIZER_URL", "https://vault.payments.svc:37766",
            "TOKENIZER_TOKEN_FILE", "/var/run/token");

    @Test
    void onlyTheApplicationOfThePodReachesItUnlessToldOtherwise() throws Exception {
        assertThat(AgentEnvironment.from(LEAST))
                .isEqualTo(new AgentEnvironment(
                        URI.create("https://vault.payments.svc:37766"),
                        Path.of("/var/run/token"),
                        null,
                        Set.of(Action.TOKENIZE, Action.DETOKENIZE, Action.GRANT, Action.VERIFY, Action.METADATA),
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                        37766,
                        InetAddress.getByAddress(new byte[4]),
                        9090));
        AgentEnvironment told = with(
                "TOKENIZER_CA", "/ca.crt",
                "TOKENIZER_ACTIONS", "Detokenize, Erase",
                "TOKENIZER_ADDRESS", "127.0.0.2",
                "TOKENIZER_PORT", "1",
                "TOKENIZER_MANAGEMENT_ADDRESS", "127.0.0.3",
                "TOKENIZER_MANAGEMENT_PORT", "2");
        assertThat(told.trustedCA()).isEqualTo(Path.of("/ca.crt"));
        assertThat(told.actions()).containsExactlyInAnyOrder(Action.DETOKENIZE, Action.ERASE);
        assertThat(told.address().getHostAddress()).isEqualTo("127.0.0.2");
        assertThat(told.port()).isEqualTo(1);
        assertThat(told.managementAddress().getHostAddress()).isEqualTo("127.0.0.3");
        assertThat(told.managementPort()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOKENIZER_URL | '' | TOKENIZER_URL is not an address;"
                        + " set it to http:// or https:// and a host, without a user name or a query.",
                "TOKENIZER_URL | vault:37766 | TOKENIZER_URL is not an address;",
                "TOKENIZER_URL | ftp://vault | TOKENIZER_URL is not an address;",
                "TOKENIZER_URL | https://user:pass@vault | TOKENIZER_URL is not an address;",
                "TOKENIZER_URL | https://vault?x=1 | TOKENIZER_URL is not an address;",
                "TOKENIZER_TOKEN_FILE | '' | TOKENIZER_TOKEN_FILE is not set; set it to a path.",
                "TOKENIZER_ACTIONS | Tokenize,erase | TOKENIZER_ACTIONS has the entry \"erase\";"
                        + " write actions with commas between them:"
                        + " Tokenize,Detokenize,Grant,Verify,Metadata,Erase,Rekey.",
                "TOKENIZER_ADDRESS | 0.0.0.0"
                        + " | TOKENIZER_ADDRESS is 0.0.0.0, where others reach it who would call as this pod;",
                "TOKENIZER_PORT | many | TOKENIZER_PORT is many; set it to a port from 0 (any free one) to 65535.",
            })
    void aWrongValueIsNamedWithWhatIsAllowed(String name, String value, String sentence) {
        assertThatThrownBy(() -> with(name, value))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith(sentence);
    }

    private static AgentEnvironment with(String... more) {
        Map<String, String> environment = new HashMap<>(LEAST);
        for (int i = 0; i < more.length; i += 2) environment.put(more[i], more[i + 1]);
        return AgentEnvironment.from(environment);
    }
}
