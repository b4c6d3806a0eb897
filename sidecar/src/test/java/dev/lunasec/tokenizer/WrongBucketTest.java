package dev.lunasec.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer whose bucket is exchanged for another one while it serves. */
@Tag("embedded")
class WrongBucketTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void itGoesOnReadingAndWritesNothingUntilTheBucketIsTheVaultsAgain() {
        try (TestVault vault = TestVault.in(folder).checksOften().start();
                S3Connection connection = vault.store.connection()) {
            Api api = new Api(vault.url());
            String user = vault.issuer.jwt("user", "session-1");
            String application = vault.issuer.jwt("application", "");
            String token = api.store(user, new byte[] {7});
            Bucket bucket = Bucket.of(connection);
            String own = bucket.listing().objects("vault/", "").getFirst().key();
            byte[] identity = bucket.get(own).orElseThrow();
            bucket.delete(own);

            await().atMost(SOON).until(() -> api.post("/tokenize", user, "{}").status() == 503);
            wrong(api.post("/tokenize", user, "{}"));
            wrong(api.post("/token/rekey", application, Api.of(token)));
            assertThat(api.download(api.post("/detokenize", user, Api.of(token)).data())
                            .body())
                    .containsExactly(7);
            wrong(api.post("/token/erase", application, Api.of(token)));
            // A record that is missing in another vault's bucket may exist in this vault's.
            wrong(api.post("/token/erase", application, Api.of(Api.unknownToken())));
            wrong(api.post("/token/rekey", application, Api.of(Api.unknownToken())));
            Api management = new Api(vault.management());
            assertThat(management.send(management.request("/readyz").GET()).status())
                    .isEqualTo(200);
            assertThat(wrongBucket(management)).isEqualTo("1.0");

            bucket.put(own, identity, "application/json");
            await().atMost(SOON).until(() -> api.post("/tokenize", user, "{}").status() == 200);
            assertThat(wrongBucket(management)).isEqualTo("0.0");
            assertThat(management.send(management.request("/metrics").GET()).text())
                    .contains(
                            "tokenizer_store_requests_active ",
                            "tokenizer_store_requests_limit 64.0",
                            "tokenizer_rekey_copies_active 0.0",
                            "tokenizer_rekey_copies_limit 8.0");
        }
    }

    /** It has a copy of the keyring. What this tokenizer stored it could not read after a rotation. */
    @Test
    void itStoresNothingAfterAnotherClusterHasTakenTheBucketOver() throws IOException {
        try (TestVault vault = TestVault.in(folder).checksOften().start()) {
            Api api = new Api(vault.url());
            String user = vault.issuer.jwt("user", "session-1");
            String token = api.store(user, new byte[] {7});
            byte[] lookup = Files.readAllBytes(folder.resolve("keyring/lookup"));
            vault.store.identify(lookup, "another-cluster");
            await().atMost(SOON).until(() -> api.post("/tokenize", user, "{}").status() == 503);
            wrong(api.post("/tokenize", user, "{}"));
            assertThat(api.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
            vault.store.identify(lookup);
            await().atMost(SOON).until(() -> api.post("/tokenize", user, "{}").status() == 200);
        }
    }

    private static String wrongBucket(Api management) {
        String metrics = management.send(management.request("/metrics").GET()).text();
        return metrics.lines()
                .filter(line -> line.startsWith("tokenizer_bucket_wrong "))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .findFirst()
                .orElse("");
    }

    private static void wrong(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.error()).isEqualTo("wrongBucket");
    }
}
