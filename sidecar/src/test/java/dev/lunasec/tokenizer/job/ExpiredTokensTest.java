package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.RecordFolder;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.Lockstep;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Expiry;
import dev.lunasec.tokenizer.token.ExpiryEntry;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/** The sweep has no tokens, and deletes records and values of those that have expired, and of no other ones. */
@Tag("embedded")
class ExpiredTokensTest {
    private static final Instant EXPIRES = Instant.parse("2026-05-10T23:59:59Z");
    private static final LocalDate THAT_DAY = LocalDate.of(2026, 5, 10);
    private static final LocalDate NEXT_DAY = LocalDate.of(2026, 5, 11);
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));
    private static final int ORDERS = 12;

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void aTokenThatExpiredOnAnEarlierDayIsErasedWithRecordValueAndEntry() throws Exception {
        Token token = expiring(EXPIRES);
        Token later = expiring(EXPIRES.plusSeconds(1));
        Token never = vault.token();
        assertThat(sweep(vault.s3(), THAT_DAY)).as("the day is not over").isZero();
        assertThat(vault.all("records/")).hasSize(3);
        assertThat(sweep(vault.s3(), NEXT_DAY)).isEqualTo(1);
        assertThat(vault.all(""))
                .containsExactlyInAnyOrder(
                        Layout.erased(Rotating.id(token)),
                        Layout.record(1, Rotating.id(later)),
                        object(later),
                        "expires/2026-05-11/" + Rotating.id(later),
                        Layout.record(1, Rotating.id(never)));
        assertThat(claims(token))
                .isEqualTo(new ErasureClaims(
                        Rotating.KEYRING.vaultId(),
                        Rotating.id(token),
                        Rotating.KEYRING.objectName(token),
                        EXPIRES,
                        List.of(1, 2)));
        assertThat(sweep(vault.s3(), NEXT_DAY)).isZero();
    }

    @Test
    void theStoreAndThisMachineMustAgreeThatADayIsOver() {
        Instant over = Instant.parse("2026-05-11T00:00:00Z");
        Instant wrong = over.plus(Duration.ofDays(9_000));
        assertThat(ExpiredTokens.today(EXPIRES, wrong)).isEqualTo(THAT_DAY);
        assertThat(ExpiredTokens.today(wrong, EXPIRES)).isEqualTo(THAT_DAY);
        assertThat(ExpiredTokens.today(over, wrong)).isEqualTo(NEXT_DAY);
    }

    @Test
    void anEntryThatThisVaultDidNotWriteForThisRecordAndDayDeletesNothingAndIsReported() throws Exception {
        Token token = vault.token();
        RecordId id = Rotating.id(token);
        Token other = expiring(EXPIRES);
        byte[] ofAnother = vault.bucket.get(entry(other)).orElseThrow();
        byte[] ofAStranger = entry(id, EXPIRES, Rotating.stranger());
        byte[] ofALaterDay = entry(id, EXPIRES.plusSeconds(1), Rotating.KEYRING);
        for (byte[] forged : List.of(new byte[0], utf8("nonsense"), ofAnother, ofAStranger, ofALaterDay)) {
            vault.bucket.put("expires/2026-05-10/" + id, forged, ExpiryEntry.TYPE);
            List<String> before = vault.all("");
            before.removeIf(key -> key.contains(Rotating.id(other).hex()) || key.equals(object(other)));
            try (EverythingLogged logged = new EverythingLogged()) {
                sweep(vault.s3(), NEXT_DAY);
                assertThat(logged.text()).contains("WARN", "did not write the expiry entry of the record " + id);
            }
            assertThat(vault.all("")).containsAll(before);
        }
        for (String stray : List.of("expires/2026-05-10/stray", "expires/soon/" + id, "expires/" + id)) {
            vault.bucket.put(stray, ofAStranger, ExpiryEntry.TYPE);
        }
        vault.bucket.put("expires/2026-05-11/stray", ofAStranger, ExpiryEntry.TYPE);
        try (EverythingLogged logged = new EverythingLogged()) {
            sweep(vault.s3(), NEXT_DAY);
            assertThat(logged.text())
                    .contains("1 objects in expires/2026-05-10/ are not named after a record")
                    .contains("1 folders in expires/ are not named after a day")
                    .doesNotContain("stray", "soon", "expires/2026-05-11/");
        }
        assertThat(vault.all("records/")).containsExactly(Layout.record(1, id));
    }

    @Test
    void afterADeathAnywhereTheNextSweepGoesOn() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment += 3) {
            vault.clear();
            Token token = expiring(EXPIRES);
            Death death = new Death(moment);
            died = Death.of(() -> mark(new WatchedS3(vault.s3(), death)));
            assertThat(died).isEqualTo(death.came());
            assertThat(mark(vault.s3())).isLessThanOrEqualTo(1);
            // A long time later: no upload can have been under way.
            new Sweep(vault.bucket, Rotating.KEYRING, Instant.MAX, SHORT).run();
            assertThat(vault.all("")).as("death %d", moment).containsExactly(Layout.erased(Rotating.id(token)));
        }
        assertThat(moment).isGreaterThan(20);
    }

    @Test
    void aTokenThatWasErasedKeepsTheClaimsOfItsErasure() throws Exception {
        Token token = expiring(EXPIRES);
        new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(Rotating.id(token)));
        sweep(vault.s3(), NEXT_DAY);
        assertThat(claims(token).erased()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(vault.all("expires/")).isEmpty();
    }

    /** The move of a record that has expired, and the sweep that erases it, in many orders of their requests. */
    @Test
    void aRecordThatIsMovedMeanwhileDoesNotComeBack() throws Exception {
        for (String order : Lockstep.someOrders('m', 5, 's', 48, ORDERS)) {
            vault.clear();
            Token token = expiring(EXPIRES);
            new Lockstep(vault.s3(), order)
                    .with('m', s3 -> move(s3, Rotating.id(token)))
                    .with('s', s3 -> assertThat(swept(s3)).isEqualTo(1))
                    .run();
            assertThat(vault.all("")).as(order).containsExactly(Layout.erased(Rotating.id(token)));
        }
    }

    @Test
    void aRotationKeepsTheExpiryAndTheSweepAfterItFindsTheRecordUnderTheNewShare() throws Exception {
        Token token = expiring(EXPIRES);
        byte[] entry = vault.bucket.get(entry(token)).orElseThrow();
        rewrap(vault.s3());
        assertThat(vault.all("records/")).containsExactly(Layout.record(2, Rotating.id(token)));
        assertThat(vault.bucket.get(entry(token))).contains(entry);
        vault.allRead(Rotating.AFTER);
        assertThat(sweep(Rotating.AFTER, vault.s3(), NEXT_DAY)).isEqualTo(1);
        assertThat(vault.all("")).containsExactly(Layout.erased(Rotating.id(token)));
    }

    @Test
    void aQuarantinedRecordThatExpiredIsDeletedToo() throws Exception {
        Token token = expiring(EXPIRES);
        vault.bucket.put(Layout.record(1, Rotating.id(token)), utf8("unreadable"), "text/plain");
        rewrap(vault.s3());
        assertThat(vault.all("quarantine/")).hasSize(1);
        sweep(vault.s3(), NEXT_DAY);
        assertThat(vault.all("")).containsExactly(Layout.erased(Rotating.id(token)));
    }

    @Test
    void whatExpiresLaterCostsNoRequestForEachToken() throws Exception {
        for (int i = 0; i < 20; i++) expiring(EXPIRES);
        List<S3Request> gets = new ArrayList<>();
        S3Client watched = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof GetObjectRequest) gets.add(request);
            }
        });
        assertThat(sweep(watched, THAT_DAY)).isZero();
        assertThat(gets).isEmpty();
    }

    @Test
    void inABucketWithVersionsNoVersionIsLeft() throws Exception {
        try (Rotating versioned = new Rotating()) {
            versioned
                    .s3()
                    .putBucketVersioning(put ->
                            put.bucket("vault").versioningConfiguration(c -> c.status(BucketVersioningStatus.ENABLED)));
            Token token = versioned.token(EXPIRES);
            versioned.bucket.put(object(token), utf8("a value"), "text/plain");
            versioned.bucket.put(object(token), utf8("again"), "text/plain");
            sweep(versioned.s3(), NEXT_DAY);
            assertThat(versioned.bucket.listing().versions("", ""))
                    .extracting(Version::name)
                    .containsExactly(Layout.erased(Rotating.id(token)));
        }
    }

    /** A token with a record under share 1, and a value. */
    private static Token expiring(Instant expires) {
        Token token = vault.token(expires);
        vault.bucket.put(object(token), utf8("a value"), "text/plain");
        return token;
    }

    private static long sweep(S3Client s3, LocalDate today) throws InterruptedException {
        return sweep(Rotating.KEYRING, s3, today);
    }

    private static long sweep(Keyring keyring, S3Client s3, LocalDate today) throws InterruptedException {
        long expired = new ExpiredTokens(Rotating.by(s3), keyring, SHORT).mark(today);
        new Sweep(Rotating.by(s3), keyring, Instant.EPOCH, SHORT).run();
        return expired;
    }

    private static long mark(S3Client s3) throws InterruptedException {
        return new ExpiredTokens(Rotating.by(s3), Rotating.KEYRING, SHORT).mark(NEXT_DAY);
    }

    private static void rewrap(S3Client s3) throws InterruptedException {
        VaultFiles files = new VaultFiles(Path.of("settings.json"), null, Path.of("keyring"), null, null, null);
        new Rewrap(Rotating.by(s3), Rotating.KEYRING, new RewrapEnvironment(files, 1, 1, 0, null), SHORT).run();
    }

    private static long swept(S3Client s3) {
        try {
            return sweep(s3, NEXT_DAY);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void move(S3Client s3, RecordId id) {
        Version only = new Version(Layout.record(1, id), "null", false, true);
        var unused = new RecordMove(Rotating.by(s3), Rotating.KEYRING, RecordFolder.RECORDS, 1).of(id, only);
    }

    private static ErasureClaims claims(Token token) {
        return new S3ErasureMarkers(vault.bucket, Rotating.KEYRING)
                .find(Rotating.id(token))
                .orElseThrow();
    }

    private static String entry(Token token) {
        return "expires/2026-05-10/" + Rotating.id(token);
    }

    private static byte[] entry(RecordId id, Instant expires, Keyring keyring) {
        return ExpiryEntry.write(new Expiry(id, keyring.objectName(Token.random()), expires), keyring);
    }

    private static String object(Token token) {
        return Layout.object(Rotating.KEYRING.objectName(token));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
