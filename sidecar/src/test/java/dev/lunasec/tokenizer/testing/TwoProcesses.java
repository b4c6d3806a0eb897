package dev.lunasec.tokenizer.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.tokenizer.testing.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/** Two pods of a {@link TestVault} as processes of their own, and what a user and an application see of them. */
public final class TwoProcesses implements AutoCloseable {
    /** A body that names the session of the user. */
    public static final String SESSION = "{\"sessionId\":\"session-1\"}";

    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(60);

    public final Api one;
    public final Api two;

    /** The JWT of a user with the session {@code session-1}. */
    public final String user;

    /** The JWT of an application. */
    public final String application;

    private final TokenizerProcess first;
    private final TokenizerProcess second;

    /** Starts both, and waits until they are ready. Their logs are in the folder of the vault. */
    public TwoProcesses(TestVault vault) {
        first = new TokenizerProcess(vault, vault.folder.resolve("first.log"));
        second = new TokenizerProcess(vault, vault.folder.resolve("second.log"));
        one = new Api(first.url());
        two = new Api(second.url());
        user = vault.issuer.jwt("user", "session-1");
        application = vault.issuer.jwt("application", "");
        try {
            awaitReady(first);
            awaitReady(second);
        } catch (ConditionTimeoutException e) {
            close();
            throw e;
        }
    }

    private static void awaitReady(TokenizerProcess process) {
        Api management = new Api(process.management());
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        management.send(management.request("/readyz").GET()).status() == 200);
    }

    /** Waits until both store values and set grants. */
    public void bothServe() {
        for (Api process : List.of(one, two)) {
            await().atMost(SOON)
                    .until(() -> process.post("/tokenize", user, "{}").status() == 200);
        }
    }

    /**
     * Revokes in each way, in turn by one of them, and expects that the other one refuses the next request.
     *
     * @param expectRevoked makes the call that revokes, and expects its success
     */
    public void eachRevocationInOneRefusesInTheOther(Consumer<Supplier<Answer>> expectRevoked) {
        for (int i = 0; i < 10; i++) {
            Api by = i % 2 == 0 ? one : two;
            Api other = i % 2 == 0 ? two : one;
            String token = by.store(user, SECRET);
            for (String body : List.of(Api.of(token), SESSION, pair(token))) {
                done(by.postUntilRedisAnswers("/grant/set", application, pair(token)));
                done(other.postUntilRedisAnswers("/detokenize", user, Api.of(token)));
                expectRevoked.accept(() -> by.postUntilRedisAnswers("/grant/revoke", application, body));
                refused(other, token);
            }
        }
    }

    /** Expects that the user has no grant for a token. */
    public void refused(Api process, String token) {
        assertThat(process.postUntilRedisAnswers("/detokenize", user, Api.of(token))
                        .error())
                .isEqualTo("noGrant");
        assertThat(process.postUntilRedisAnswers("/metadata/get", user, Api.of(token))
                        .error())
                .isEqualTo("noGrant");
        Answer valid = process.postUntilRedisAnswers("/grant/verify", application, pair(token));
        assertThat(valid.data().get("valid").booleanValue()).isFalse();
    }

    /** Expects a success. */
    public static void done(Answer answer) {
        assertThat(answer.status()).as(answer.error()).isEqualTo(200);
    }

    /** Repeats a call until it succeeds, as a caller would, because the replica of a busy machine may be late. */
    public static void confirmed(Supplier<Answer> call) {
        await().atMost(SOON).until(() -> call.get().status() == 200);
    }

    /** A body that names a token and the session of the user. */
    public static String pair(String token) {
        return "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}";
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }
}
