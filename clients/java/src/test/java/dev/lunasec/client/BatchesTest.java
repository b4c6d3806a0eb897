package dev.lunasec.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of the client against a real tokenizer, store and Redis. */
@Tag("embedded")
class BatchesTest {
    @TempDir
    static Path folder;

    private static TestVault vault;
    private static TokenizerClient user;
    private static TokenizerClient application;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        user = client("user", "session-1");
        application = client("application", "");
    }

    @AfterAll
    static void stop() {
        user.close();
        application.close();
        vault.close();
    }

    @Test
    void moreThanAHundredValuesAreStoredSharedReadAndErased() {
        List<String> tokens = values(user.batches()
                .tokenize(IntStream.range(0, 120)
                        .mapToObj(i -> Value.of(bytes(i)))
                        .toList()));
        assertThat(tokens).hasSize(120).doesNotHaveDuplicates();
        assertThat(values(application.batches().grant("friend", tokens, GrantOptions.DEFAULT)))
                .isEqualTo(tokens);
        assertThat(values(application.batches().verify("friend", tokens)))
                .hasSize(120)
                .containsOnly(true);
        try (TokenizerClient friend = client("user", "friend")) {
            List<byte[]> read = values(friend.batches().detokenize(tokens, 100));
            for (int i = 0; i < 120; i++) assertThat(read.get(i)).isEqualTo(bytes(i));
        }
        List<String> some = tokens.subList(0, 3);
        assertThat(values(application.batches().erase(some))).hasSize(3);
        assertThat(values(application.batches().verify("friend", some))).containsOnly(false);
    }

    @Test
    void anItemThatFailsSaysWhyAndLeavesTheOthers() {
        String token = user.tokenize(bytes(1));
        List<Result<byte[]>> read = user.batches().detokenize(List.of(Api.unknownToken(), token, token), 100);
        assertThatThrownBy(() -> read.get(0).get())
                .isInstanceOfSatisfying(
                        TokenizerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_GRANT));
        assertThat(read.get(1).get()).isEqualTo(bytes(1));
        assertThatThrownBy(() ->
                        user.batches().detokenize(List.of(token), 3).getFirst().get())
                .isInstanceOfSatisfying(
                        TokenizerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    private static <T> List<T> values(List<Result<T>> results) {
        List<T> values = new ArrayList<>();
        results.forEach(result -> values.add(result.get()));
        return values;
    }

    private static byte[] bytes(int number) {
        return ("value " + number).getBytes(StandardCharsets.UTF_8);
    }

    private static TokenizerClient client(String kind, String session) {
        String jwt = vault.issuer.jwt(kind, session);
        return TokenizerClient.builder(vault.url()).bearer(() -> jwt).build();
    }
}
