package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.KeyServer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault with two issuers. The server of the keys of one of them accepts requests and never answers. */
@Tag("embedded")
class HangingIssuerTest {
    @TempDir
    Path folder;

    @Test
    void callersOfAnIssuerThatHangsDoNotKeepOthersOut() throws Exception {
        try (KeyServer hanging = new KeyServer("");
                TestVault vault = TestVault.in(folder)
                        .issuers(Issuers.unlimited("slow", "slow-sdk", hanging.url()))
                        .start()) {
            Api api = new Api(vault.url());
            hanging.hang();
            String jwt = vault.issuer.jwt("user", "session-1");
            assertThat(api.post("/tokenize", jwt, "{}").status()).isEqualTo(200);
            String ofSlow = vault.issuer.jwt("user", "session-1", claims -> claims.issuer("slow-sdk"));

            List<CompletableFuture<Answer>> crowd = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                crowd.add(CompletableFuture.supplyAsync(
                        () -> api.post("/tokenize", ofSlow, "{}"), Thread::startVirtualThread));
            }
            assertThat(hanging.asked().tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            List<Integer> others = new ArrayList<>();
            for (int i = 0; i < 36; i++) {
                others.add(api.send(api.request("/tokenize")
                                .timeout(Duration.ofSeconds(10))
                                .header("authorization", jwt)
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString("{}")))
                        .status());
            }

            assertThat(others).containsOnly(200);
            for (CompletableFuture<Answer> one : crowd) {
                refused(one.get(30, TimeUnit.SECONDS), 503, "issuerUnavailable");
            }
        }
    }
}
