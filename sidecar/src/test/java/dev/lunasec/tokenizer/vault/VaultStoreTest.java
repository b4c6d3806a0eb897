package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/** The record of a new token and the grant of its maker are written at the same time, and the answer waits for both. */
@Tag("embedded")
class VaultStoreTest {
    private static final String HOLDER = "h".repeat(32);
    private static final Caller CALLER = new Caller(Kind.USER, "", "", "shop", "session", Set.of());

    @RegisterExtension
    private static final StoreAndRedis parts = new StoreAndRedis();

    private final CompletableFuture<Void> recordWritten = new CompletableFuture<>();
    private final CompletableFuture<Void> grantMaySet = new CompletableFuture<>();
    private final Vault vault = vault();
    private volatile boolean storeAnswers = true;

    @Test
    void theRecordDoesNotWaitForTheGrantAndTheAnswerDoes() throws Exception {
        CompletableFuture<NewToken> begun = CompletableFuture.supplyAsync(this::begin);
        CompletableFuture<Void> stored = begun.thenAcceptAsync(vault::store);
        recordWritten.get(10, TimeUnit.SECONDS);
        assertThat(stored).isNotDone();
        grantMaySet.complete(null);
        stored.get(10, TimeUnit.SECONDS);
        assertThat(vault.verify(HOLDER, begun.join().token())).isTrue();
    }

    @Test
    void withoutTheGrantThereIsNoAnswer() {
        NewToken made = begin();
        grantMaySet.completeExceptionally(new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, "Redis is gone."));
        fails(ErrorCode.GRANTS_UNAVAILABLE, () -> vault.store(made));
        fails(ErrorCode.GRANTS_UNAVAILABLE, () -> vault.uploads().start(made));
    }

    /** The failure does not wait for Redis, and a grant that is set after it allows nothing. */
    @Test
    void withoutTheRecordThereIsNoAnswer() throws Exception {
        NewToken made = begin();
        storeAnswers = false;
        fails(ErrorCode.STORAGE_UNAVAILABLE, () -> vault.store(made));
        storeAnswers = true;
        grantMaySet.complete(null);
        made.granted().get(10, TimeUnit.SECONDS);
        fails(ErrorCode.UNKNOWN_TOKEN, () -> vault.download(made.token(), vault.use(HOLDER, made.token())));
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }

    private NewToken begin() {
        return vault.begin(CALLER, HOLDER, new byte[0], OptionalLong.empty(), null);
    }

    private Vault vault() {
        WatchedS3 s3 = new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (!storeAnswers) throw SdkClientException.create("The store is gone.");
            }

            @Override
            public void after(S3Request request) {
                if (request instanceof PutObjectRequest) recordWritten.complete(null);
            }
        });
        return parts.pod(TestKeyring.of(1, 1), s3, slowGrants(), false).vault();
    }

    /** The grants of the Redis, which set none before the test lets them. */
    private Grants slowGrants() {
        return (Grants) Proxy.newProxyInstance(
                Grants.class.getClassLoader(), new Class<?>[] {Grants.class}, (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("set")) grantMaySet.join();
                        return method.invoke(parts.grants, arguments);
                    } catch (CompletionException | InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
