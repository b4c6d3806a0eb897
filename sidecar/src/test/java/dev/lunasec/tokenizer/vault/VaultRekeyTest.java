package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.SseCustomerKey;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.Token;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * A rekey that stops anywhere, meets an erasure or a store that can't do it: nothing of the new token is left, and the
 * old one is as it was.
 */
@Tag("embedded")
class VaultRekeyTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);

    @RegisterExtension
    private static final StoreAndRedis parts = new StoreAndRedis();

    private static final S3Connection connection = parts.connection;
    private static final Bucket bucket = parts.bucket;

    @Test
    void ofATokenThatIsErasedBeforeOrAfterItsValueIsCopiedThereIsNoNewOne() {
        for (boolean before : new boolean[] {true, false}) {
            parts.clear();
            Token old = token();
            Vault erasing = vault(connection.s3());
            S3Client watched = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
                @Override
                public void before(S3Request request) {
                    if (before && request instanceof CopyObjectRequest) erasing.erase(identified(old));
                }

                @Override
                public void after(S3Request request) {
                    if (!before && request instanceof CopyObjectRequest) erasing.erase(identified(old));
                }
            });
            refused(watched, old, ErrorCode.UNKNOWN_TOKEN);
            assertThat(parts.all()).containsExactly(Layout.erased(KEYRING.recordId(old)));
        }
    }

    @Test
    void aStoreThatDoesNotCopyFromKeyToKeyLeavesAllAsItWas() {
        Token old = token();
        List<String> before = parts.all();
        refused(refusing(501, "NotImplemented"), old, ErrorCode.NOT_SUPPORTED);
        refused(refusing(400, "InvalidArgument"), old, ErrorCode.NOT_SUPPORTED);
        refused(refusing(400, "ExpiredToken"), old, ErrorCode.STORAGE_UNAVAILABLE);
        assertThat(parts.all()).isEqualTo(before);
    }

    @Test
    void aCopyThatCannotBeDeletedDoesNotHideWhyTheRekeyFailed() {
        S3Client store = refusing(501, "NotImplemented");
        S3Client deletesNothing = new WatchedS3(store, new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof ListObjectVersionsRequest) throw answer(403, "AccessDenied");
            }
        });
        refused(deletesNothing, token(), ErrorCode.NOT_SUPPORTED);
    }

    private static S3Client refusing(int status, String code) {
        return new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof CopyObjectRequest) throw answer(status, code);
            }
        });
    }

    private static AwsServiceException answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    @Test
    void whoeverFindsEightCopiesUnderWayIsToldToComeAgain() throws Exception {
        Token old = token();
        Semaphore begun = new Semaphore(0);
        Semaphore mayEnd = new Semaphore(0);
        Vault vault = vault(new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (!(request instanceof CopyObjectRequest)) return;
                begun.release();
                mayEnd.acquireUninterruptibly();
            }
        }));
        List<CompletableFuture<IdentifiedToken>> eight = Stream.generate(() ->
                        CompletableFuture.supplyAsync(() -> vault.rekey(identified(old)), Thread::startVirtualThread))
                .limit(8)
                .toList();
        assertThat(begun.tryAcquire(8, 30, TimeUnit.SECONDS)).isTrue();
        assertThat(vault.activeCopies()).isEqualTo(Limits.COPIES);
        assertThatThrownBy(() -> vault.rekey(identified(old)))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));
        mayEnd.release(9);
        for (CompletableFuture<IdentifiedToken> one : eight)
            assertThat(one.get(30, TimeUnit.SECONDS).token()).isNotEqualTo(old);
        assertThat(vault.rekey(identified(old)).token()).isNotEqualTo(old);
        assertThat(vault.activeCopies()).isZero();
    }

    @Test
    void aStoreThatFailsLeavesAllAsItWas() {
        Token old = token();
        List<String> before = parts.all();
        S3Client watched = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void after(S3Request request) {
                if (request instanceof CopyObjectRequest)
                    throw S3Exception.builder().statusCode(500).build();
            }
        });
        refused(watched, old, ErrorCode.STORAGE_UNAVAILABLE);
        assertThat(parts.all()).isEqualTo(before);
    }

    @Test
    void afterADeathAnywhereTheOldTokenIsAsItWas() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment++) {
            parts.clear();
            Token old = token();
            List<String> before = parts.all();
            Death death = new Death(moment);
            died = Death.of(() -> vault(new WatchedS3(connection.s3(), death)).rekey(identified(old)));
            assertThat(parts.all()).as("death %d", moment).containsAll(before);
            assertThat(vault(connection.s3()).rekey(identified(old)).token()).isNotEqualTo(old);
        }
        assertThat(moment).as("get, head, copy, head, marker, put").isGreaterThan(2 * 6);
    }

    private static void refused(S3Client s3, Token token, ErrorCode failure) {
        assertThatThrownBy(() -> vault(s3).rekey(identified(token)))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(failure));
    }

    private static IdentifiedToken identified(Token token) {
        return new IdentifiedToken(token, KEYRING.recordId(token));
    }

    private static Vault vault(S3Client s3) {
        return parts.vault(KEYRING, s3);
    }

    /** With a record and a value. */
    private static Token token() {
        Token token = Token.random();
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        new S3Records(bucket, KEYRING)
                .put(
                        new RecordCipher(KEYRING).seal(token, payload, Instant.ofEpochSecond(1_767_225_600), null),
                        KEYRING.objectName(token));
        Map<String, String> key = new SseCustomerKey(payload.dek()).headers();
        connection
                .s3()
                .putObject(
                        put -> put.bucket(VaultBucket.NAME)
                                .key(Layout.object(KEYRING.objectName(token)))
                                .overrideConfiguration(headers -> key.forEach(headers::putHeader)),
                        RequestBody.fromString("a value"));
        return token;
    }
}
