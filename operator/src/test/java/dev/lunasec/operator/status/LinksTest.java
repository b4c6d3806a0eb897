package dev.lunasec.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class LinksTest {
    @Test
    void aVaultWithTlsEverywhereSaysSo() {
        assertThat(new Links(true, true, false, true, true, List.of()).verdict())
                .isEqualTo(Verdict.yes("AllEncrypted", "All connections of the vault use TLS."));
    }

    @Test
    void eachClearTextConnectionHasOneSentence() {
        Verdict verdict = new Links(false, false, false, false, false, List.of("shop", "mall")).verdict();
        assertThat(verdict.truth()).isEqualTo(Verdict.Truth.False);
        assertThat(verdict.reason()).isEqualTo("ClearText");
        assertThat(verdict.message().split("(?<=[.]) "))
                .containsExactly(
                        "Callers reach the tokenizer without TLS; set spec.tls.",
                        "The tokenizer reaches Redis without TLS; write a rediss:// URL in its Secret.",
                        "The store is reached without TLS; write an https:// URL in spec.storage.endpoint.",
                        "Clients reach the store without TLS; write an https:// URL in spec.storage.publicEndpoint.",
                        "The keys of the issuer shop are fetched without TLS; write an https:// URL in its jwksUrl.",
                        "The keys of the issuer mall are fetched without TLS; write an https:// URL in its jwksUrl.");
        assertThat(new Links(true, false, true, true, true, List.of()).verdict().message())
                .isEqualTo("The tokenizer reaches the managed Redis without TLS;"
                        + " use an external Redis with a rediss:// URL.");
    }
}
