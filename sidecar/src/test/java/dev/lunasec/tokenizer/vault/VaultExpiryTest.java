package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.GrantUse;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3DataObjects;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.token.ExpiryEntry;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A token that expires, by a clock that the test sets: until then it is like any other one, and then it is unknown. */
@Tag("embedded")
class VaultExpiryTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final String HOLDER = "h".repeat(32);
    private static final Caller CALLER = new Caller(Kind.USER, "", "", "shop", "session", Set.of());
    private static final Pattern LIFETIME = Pattern.compile("X-Amz-Expires=(\\d+)");

    @RegisterExtension
    private static final StoreAndRedis parts = new StoreAndRedis();

    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Instant expires = begin.plusSeconds(20);
    private Instant now = begin;
    private final Vault vault = vault();

    @Test
    void untilItExpiresATokenIsReadAndFromThenOnItIsUnknownToEveryCall() {
        IdentifiedToken token = token(expires);
        IdentifiedToken never = token(null);
        now = expires.minusNanos(1);
        assertThat(vault.metadata(HOLDER, token)).isEmpty();
        assertThat(vault.verify(HOLDER, token) && vault.exists(token)).isTrue();
        assertThat(vault.download(token, vault.use(HOLDER, token)).uri()).isNotNull();
        now = expires;
        unknown(() -> vault.metadata(HOLDER, token));
        unknown(() -> vault.download(token, vault.use(HOLDER, token)));
        unknown(() -> vault.rekey(token));
        assertThat(vault.exists(token)).isFalse();
        assertThat(vault.exists(never)).isTrue();
        assertThat(vault.metadata(HOLDER, never)).isEmpty();
    }

    @Test
    void noSignedUrlOutlivesItsToken() {
        NewToken made = vault.begin(CALLER, HOLDER, new byte[0], OptionalLong.empty(), expires);
        assertThat(lifetime(vault.store(made))).isEqualTo(20);
        now = expires.minusSeconds(7);
        assertThat(lifetime(vault.download(made.token(), use(Duration.ofMinutes(1)))))
                .isEqualTo(7);
        assertThat(lifetime(vault.download(made.token(), use(Duration.ofSeconds(3)))))
                .isEqualTo(3);
        assertThat(lifetime(vault.download(token(null), use(Duration.ofHours(1)))))
                .isEqualTo(60);
    }

    @Test
    void aRekeyedTokenExpiresAtTheSameTimeAndHasAnEntryOfItsOwn() throws Exception {
        IdentifiedToken old = token(expires);
        IdentifiedToken fresh = vault.rekey(old);
        byte[] record = parts.bucket.get(Layout.record(1, fresh.recordId())).orElseThrow();
        assertThat(RecordJson.read(record).expires()).isEqualTo(expires);
        String entry = "expires/" + expires.toString().substring(0, 10) + "/" + fresh.recordId();
        assertThat(ExpiryEntry.read(parts.bucket.get(entry).orElseThrow(), fresh.recordId(), KEYRING))
                .hasValueSatisfying(expiry -> {
                    assertThat(expiry.expires()).isEqualTo(expires);
                    assertThat(expiry.object()).isEqualTo(KEYRING.objectName(fresh.token()));
                });
        now = expires;
        unknown(() -> vault.rekey(fresh));
    }

    @Test
    void anExpiredTokenThatTheSweepHasNotReachedIsErasedWithAReceipt() {
        IdentifiedToken token = token(expires);
        now = expires.plusSeconds(1);
        String receipt = vault.erase(token);
        assertThat(vault.erase(token)).isEqualTo(receipt);
        assertThat(parts.all())
                .containsExactlyInAnyOrder(
                        Layout.erased(token.recordId()),
                        "expires/" + expires.toString().substring(0, 10) + "/" + token.recordId());
    }

    @Test
    void aTimeInThePastAndOneOverAHundredYearsAheadAreRefusedBeforeAnythingIsWritten() {
        now = begin.plusMillis(500);
        for (Instant past : new Instant[] {begin.minusSeconds(1), begin, Instant.EPOCH}) {
            refused(past, "not in the future; write a later one");
        }
        Instant last = begin.plus(Duration.ofDays(36_525));
        refused(last.plusSeconds(1), "more than 100 years ahead; write an earlier one");
        assertThat(parts.all()).isEmpty();
        for (Instant allowed : new Instant[] {begin.plusSeconds(1), last}) {
            NewToken made = vault.begin(CALLER, HOLDER, new byte[0], OptionalLong.empty(), allowed);
            assertThat(made.record().expires()).isEqualTo(allowed);
        }
    }

    private void refused(Instant time, String sentence) {
        assertThatThrownBy(() -> vault.begin(CALLER, HOLDER, new byte[0], OptionalLong.empty(), time))
                .isInstanceOfSatisfying(CallFailed.class, failed -> {
                    assertThat(failed.failure()).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(failed.sentence()).contains(sentence);
                });
    }

    private static void unknown(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.UNKNOWN_TOKEN));
    }

    /** With a value in the store. */
    private IdentifiedToken token(@Nullable Instant expiresAt) {
        NewToken made = vault.begin(CALLER, HOLDER, new byte[0], OptionalLong.empty(), expiresAt);
        SignedRequest upload = vault.store(made);
        HttpRequest.Builder put = HttpRequest.newBuilder(upload.uri()).PUT(BodyPublishers.ofByteArray(new byte[] {1}));
        upload.headers().forEach((name, value) -> {
            if (!name.equals("host")) put.header(name, value);
        });
        assertThat(new Api(URI.create("http://127.0.0.1")).send(put).status()).isEqualTo(200);
        return made.token();
    }

    private static int lifetime(SignedRequest request) {
        Matcher seconds = LIFETIME.matcher(request.uri().getQuery());
        assertThat(seconds.find()).isTrue();
        return Integer.parseInt(seconds.group(1));
    }

    private static GrantUse use(Duration left) {
        return new GrantUse(left, null);
    }

    private Vault vault() {
        InstantSource source = () -> now;
        Clock clock = source.withZone(ZoneOffset.UTC);
        S3Records records = new S3Records(parts.bucket, KEYRING);
        S3DataObjects objects = new S3DataObjects(parts.bucket, parts.connection.signer(), () -> false);
        Duration hour = Duration.ofHours(1);
        Erasure erasure = new Erasure(
                KEYRING, records, new S3ErasureMarkers(parts.bucket, KEYRING), objects, parts.grants, hour, clock);
        Limits limits = new Limits(1 << 20, false, Duration.ofMinutes(1), hour, hour);
        RecordCopies copies = new RecordCopies(false, KEYRING, parts.grants, records, clock);
        return new Vault(KEYRING, records, objects, parts.grants, limits, erasure, copies, clock);
    }
}
