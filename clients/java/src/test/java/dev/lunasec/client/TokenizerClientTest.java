package dev.lunasec.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.client.GrantOptions.Direction;
import dev.lunasec.testbed.KubeletVolume;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real tokenizer, store and Redis. */
@Tag("embedded")
class TokenizerClientTest {
    private static final ObjectNode NOTHING = new ObjectMapper().createObjectNode();

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static TokenizerClient client(String subject, String session) {
        return TokenizerClient.builder(vault.url())
                .bearer(() -> vault.issuer.jwt(subject, session))
                .build();
    }

    @Test
    void aTextIsReadBack() {
        try (TokenizerClient client = client("user", "s1")) {
            String token = client.tokenize("4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8));
            assertThat(token).matches("lunasec-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
            assertThat(client.detokenize(token))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("4111 1111 1111 1111");
        }
    }

    @Test
    void nothingIsAValueToo() {
        try (TokenizerClient client = client("application", "")) {
            assertThat(client.detokenize(client.tokenize(new byte[0]))).isEmpty();
        }
    }

    @Test
    void aFileIsReadBackByteByByte(@TempDir Path files) throws Exception {
        byte[] content = new byte[5 << 20];
        new Random(1).nextBytes(content);
        Path file = Files.write(files.resolve("scan.pdf"), content);
        ObjectNode metadata = NOTHING.deepCopy().put("dataType", "file");
        metadata.putObject("fileinfo").put("filename", "scan.pdf");
        try (TokenizerClient client = client("user", "s2")) {
            String token = client.tokenize(Value.of(file), metadata);
            Path copy = files.resolve("copy.pdf");
            client.detokenize(token, copy);
            assertThat(copy).hasBinaryContent(content);
            assertThat(client.metadata(token)).isEqualTo(metadata);
            try (var list = Files.list(files)) {
                assertThat(list).hasSize(2);
            }
        }
    }

    @Test
    void aStreamIsStoredAndReadAsAStream() throws Exception {
        byte[] content = new byte[70_000];
        new Random(2).nextBytes(content);
        try (TokenizerClient client = client("user", "s3")) {
            String token = client.tokenize(Value.of(new ByteArrayInputStream(content), content.length), NOTHING);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            client.detokenize(token, out);
            assertThat(out.toByteArray()).isEqualTo(content);
            assertThatThrownBy(() -> client.detokenize(token, 69_999)).hasMessageContaining("over 69999 bytes");
        }
    }

    @Test
    void aTokenThatExpiresIsReadUntilThen() {
        try (TokenizerClient client = client("user", "s8")) {
            TokenizeOptions options = TokenizeOptions.DEFAULT
                    .with(NOTHING.deepCopy().put("a", 1))
                    .expiringAt(Instant.now().plus(Duration.ofDays(1)));
            String token = client.tokenize(Value.of(new byte[] {1}), options);
            assertThat(client.detokenize(token)).containsExactly(1);
            assertThat(client.metadata(token).get("a").intValue()).isEqualTo(1);
            TokenizeOptions past = options.expiringAt(Instant.now());
            assertThatThrownBy(() -> client.tokenize(Value.of(new byte[] {1}), past))
                    .hasMessageContaining("expiresAt is not in the future");
            assertThat(client.batches()
                            .tokenize(List.of(Value.of(new byte[1])), past)
                            .getFirst())
                    .isInstanceOf(Result.Failed.class);
        }
    }

    @Test
    void anApplicationMakesCodesForTheFramesOfItsUsers() {
        try (TokenizerClient user = client("user", "s9");
                TokenizerClient application = client("application", "")) {
            String nonce = "00112233445566778899aabbccddeeff";
            String token = user.tokenize(new byte[] {1});
            try (TokenizerClient storing = frame(application.sessionCode("s9", nonce), nonce);
                    TokenizerClient reading = frame(application.sessionCode("s9", nonce, List.of(token)), nonce)) {
                String stored = storing.tokenize(new byte[] {2});
                assertThat(user.detokenize(stored)).containsExactly(2);
                assertThat(reading.detokenize(token)).containsExactly(1);
                assertThatThrownBy(() -> reading.detokenize(stored))
                        .hasMessageContaining("This access token is for other tokens");
            }
            assertThatThrownBy(() -> application.sessionCode("s9", nonce, List.of()))
                    .hasMessageContaining("1 to 100 tokens");
            assertThatThrownBy(() -> user.sessionCode("s9", nonce)).hasMessageContaining("Only the application");
        }
    }

    /** A client with the access token that a frame gets for a code. */
    private static TokenizerClient frame(String code, String nonce) {
        Api api = vault.api();
        String access = api.send(api.request("/session/redeem")
                        .header("Origin", TestVault.ORIGIN)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString("{\"code\":\"" + code + "\",\"nonce\":\"" + nonce + "\"}")))
                .data()
                .get("accessToken")
                .textValue();
        return TokenizerClient.builder(vault.url()).bearer(() -> access).build();
    }

    @Test
    void anotherSessionNeedsAGrantAndHasItForSoManyReads() {
        try (TokenizerClient maker = client("user", "s4");
                TokenizerClient other = client("user", "s5");
                TokenizerClient application = client("application", "")) {
            String token = maker.tokenize(new byte[] {1});
            assertThatThrownBy(() -> other.detokenize(token)).isInstanceOfSatisfying(TokenizerException.class, e -> {
                assertThat(e.name()).isEqualTo("noGrant");
                assertThat(e.code()).isEqualTo(ErrorCode.NO_GRANT);
                assertThat(e.reason()).isEqualTo("notGranted");
                assertThat(e.status()).isEqualTo(403);
                assertThat(e.toString()).doesNotContain(token);
            });
            assertThat(application.verify("s5", token)).isFalse();
            application.grant(
                    "s5",
                    token,
                    GrantOptions.DEFAULT.lasting(Duration.ofMinutes(1)).times(1));
            assertThat(application.verify("s5", token)).isTrue();
            assertThat(other.detokenize(token)).containsExactly(1);
            assertThatThrownBy(() -> other.detokenize(token)).hasFieldOrPropertyWithValue("reason", "usesSpent");
            application.grant("s5", token, GrantOptions.DEFAULT.forDirection(Direction.STORE));
            assertThat(application.verify("s5", token)).isTrue();
            assertThatThrownBy(() -> other.detokenize(token)).hasFieldOrPropertyWithValue("reason", "wrongDirection");
            assertThatThrownBy(() -> application.grant("s5", token, GrantOptions.DEFAULT.lasting(Duration.ofHours(2))))
                    .hasMessageContaining("at most 1h");
        }
    }

    @Test
    void grantsThatAreRevokedAreRefused() {
        try (TokenizerClient user = client("user", "s7");
                TokenizerClient application = client("application", "")) {
            String one = user.tokenize(new byte[] {1});
            String two = user.tokenize(new byte[] {2});
            application.revokeGrant("s7", one);
            assertThat(application.verify("s7", one)).isFalse();
            assertThat(user.detokenize(two)).containsExactly(2);
            application.revokeGrantsOfToken(two);
            assertThatThrownBy(() -> user.detokenize(two)).hasFieldOrPropertyWithValue("code", ErrorCode.NO_GRANT);
            application.grant("s7", one, GrantOptions.DEFAULT);
            assertThat(user.detokenize(one)).containsExactly(1);
            application.revokeGrantsOfSession("s7");
            assertThatThrownBy(() -> user.detokenize(one)).hasFieldOrPropertyWithValue("code", ErrorCode.NO_GRANT);
        }
    }

    @Test
    void aRekeyedValueIsReadWithItsNewTokenAfterTheOldOneWasErased() {
        try (TokenizerClient user = client("user", "s6");
                TokenizerClient application = client("application", "")) {
            String old = user.tokenize(new byte[] {1, 2, 3});
            String fresh = application.rekey(old);
            application.grant("s6", fresh, GrantOptions.DEFAULT);
            ErasureReceipt receipt = application.erase(old);
            assertThat(receipt.verify(application.receiptKeys()).record()).isNotEmpty();
            assertThat(user.detokenize(fresh)).containsExactly(1, 2, 3);
            assertThatThrownBy(() -> application.rekey(old)).hasFieldOrPropertyWithValue("name", "unknownToken");
        }
    }

    @Test
    void aTokenFileIsReadAgainForEveryCall(@TempDir Path files) throws Exception {
        Path file = Files.writeString(files.resolve("token"), "expired");
        try (TokenizerClient client =
                TokenizerClient.builder(vault.url()).bearer(Bearer.file(file)).build()) {
            assertThatThrownBy(() -> client.tokenize(new byte[1])).hasFieldOrPropertyWithValue("status", 401);
            Files.writeString(file, vault.issuer.jwt("application", "") + "\n");
            assertThat(client.tokenize(new byte[1])).startsWith("lunasec-");
        }
    }

    @Test
    void aProjectedTokenIsFollowedThroughItsRenewal(@TempDir Path files) {
        String expired = vault.issuer.jwt(
                "application",
                "",
                claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600))));
        KubeletVolume projected = new KubeletVolume(files.resolve("token")).write(Map.of("token", expired));
        try (TokenizerClient client = TokenizerClient.builder(vault.url())
                .bearer(Bearer.file(projected.file("token")))
                .build()) {
            assertThatThrownBy(() -> client.tokenize(new byte[1])).hasFieldOrPropertyWithValue("status", 401);
            projected.write(Map.of("token", vault.issuer.jwt("application", "")));
            assertThat(client.tokenize(new byte[1])).startsWith("lunasec-");
        }
    }

    @Test
    void aTokenIsThereInEveryMomentOfItsRenewal(@TempDir Path files) {
        KubeletVolume projected = new KubeletVolume(files.resolve("token")).write(Map.of("token", "0"));
        Supplier<String> bearer = Bearer.file(projected.file("token"));
        AtomicBoolean renewed = new AtomicBoolean();
        Thread kubelet = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= 2_000; i++) projected.write(Map.of("token", Integer.toString(i)));
            renewed.set(true);
        });
        int last = 0;
        while (!renewed.get() && kubelet.isAlive()) {
            int now = Integer.parseInt(bearer.get());
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        assertThat(bearer.get()).isEqualTo("2000");
    }

    @Test
    void credentialsThatAreNoneAreNotRepeated() {
        try (TokenizerClient client = TokenizerClient.builder(vault.url())
                .bearer(() -> "a-secret\r\nx: y")
                .build()) {
            assertThatThrownBy(() -> client.tokenize(new byte[1]))
                    .isInstanceOf(TokenizerException.class)
                    .hasFieldOrPropertyWithValue("name", "unauthenticated")
                    .hasNoCause()
                    .hasMessageNotContaining("a-secret");
        }
    }

    @Test
    void aTokenizerWithTlsIsBelievedWhenItsAuthorityIsTrusted(@TempDir Path files) throws Exception {
        TestAuthority authority = new TestAuthority("internal");
        try (TcpRelay front = TcpRelay.overTls(authority, vault.url().getPort())) {
            URI url = URI.create("https://127.0.0.1:" + front.port());
            Path pem = Files.writeString(files.resolve("ca.crt"), authority.pem());
            try (TokenizerClient client = TokenizerClient.builder(url)
                    .trustedCA(pem)
                    .bearer(() -> vault.issuer.jwt("application", ""))
                    .build()) {
                assertThat(client.detokenize(client.tokenize(new byte[] {1}))).containsExactly(1);
            }
            try (TokenizerClient client = TokenizerClient.builder(url).build()) {
                assertThatThrownBy(() -> client.tokenize(new byte[1]))
                        .hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
            }
        }
        Path none = Files.writeString(files.resolve("none.crt"), "none");
        for (Path bad : new Path[] {none, files.resolve("missing.crt")}) {
            assertThatThrownBy(() -> TokenizerClient.builder(vault.url()).trustedCA(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad + " holds no certificate");
        }
    }

    @Test
    void aTokenizerThatIsNotThereIsNamed() {
        try (TokenizerClient client =
                TokenizerClient.builder(URI.create("http://127.0.0.1:1")).build()) {
            assertThatThrownBy(() -> client.tokenize(new byte[1]))
                    .hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
        }
    }
}
