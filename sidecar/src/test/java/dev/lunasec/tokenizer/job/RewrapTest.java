package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.job.Rewrap.Done;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.SmallPages;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.Token;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/** All records of a share, by one worker and by several. */
@Tag("embedded")
class RewrapTest {
    private static final StoreRetry RETRY = new StoreRetry(Duration.ofSeconds(20));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void manyRecordsMoveAndAllTheirTokensRead() throws Exception {
        for (int i = 0; i < 300; i++) vault.token();
        Token unreadable = vault.unreadable();
        // A prefix of one digit has about 19 records, so several pages.
        Done done = rewrap(new SmallPages(vault.s3(), 7), task(1, 0, null)).run();
        assertThat(done.moved()).isEqualTo(300);
        assertThat(done.quarantined()).isEqualTo(1);
        assertThat(vault.all("records/1/")).isEmpty();
        assertThat(vault.all("quarantine/")).containsExactly("quarantine/1/" + Rotating.id(unreadable));
        vault.allRead(Rotating.AFTER);
        System.out.printf(
                "rewrapped %d records in %d ms%n", done.moved(), done.took().toMillis());
        assertThat(rewrap(vault.s3(), task(1, 0, null)).run().moved()).isZero();
    }

    @Test
    void eachWorkerHasItsDigitsAndTogetherTheyHaveAll() throws Exception {
        for (int workers : new int[] {2, 3, 16}) {
            vault.clear();
            for (int i = 0; i < 100; i++) vault.token();
            int moved = 0;
            for (int worker = 0; worker < workers; worker++) {
                List<String> before = vault.all("records/2/");
                moved += (int)
                        rewrap(vault.s3(), task(workers, worker, null)).run().moved();
                for (String key : vault.all("records/2/")) {
                    int digit = HexFormat.fromHexDigit(key.charAt("records/2/".length()));
                    if (!before.contains(key)) assertThat(digit % workers).isEqualTo(worker);
                }
            }
            assertThat(moved).isEqualTo(100);
            assertThat(vault.all("records/1/")).isEmpty();
        }
        vault.allRead(Rotating.AFTER);
    }

    @Test
    void twoWorkersWithTheSameDigitsDoEachOtherNoHarm() throws Exception {
        for (int i = 0; i < 300; i++) vault.token();
        Token unreadable = vault.unreadable();
        Callable<Done> worker = () -> rewrap(vault.s3(), task(1, 0, null)).run();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Done> done : threads.invokeAll(List.of(worker, worker))) done.get();
        }
        assertThat(vault.all("records/1/")).isEmpty();
        assertThat(vault.all("records/2/")).hasSize(300);
        assertThat(vault.bucket.get("quarantine/1/" + Rotating.id(unreadable))).contains(Rotating.damage(unreadable));
        vault.allRead(Rotating.AFTER);
    }

    @Test
    void aWorkerThatIsKilledAnywhereIsFollowedByOneThatEndsTheWork() throws Exception {
        for (int moment = 1; moment < 60; moment += 3) {
            vault.clear();
            for (int i = 0; i < 6; i++) vault.token();
            Death death = new Death(moment);
            assertThatThrownBy(() -> rewrap(new WatchedS3(vault.s3(), death), task(1, 0, null))
                            .run())
                    .isInstanceOf(Death.Killed.class);
            vault.allRead(Rotating.KEYRING);
            rewrap(vault.s3(), task(1, 0, null)).run();
            assertThat(vault.all("records/1/")).isEmpty();
            assertThat(vault.all("records/2/")).hasSize(6);
            vault.allRead(Rotating.AFTER);
        }
    }

    @Test
    void aRecordThatComesWhileItWorksIsMovedToo() throws Exception {
        vault.token();
        AtomicInteger late = new AtomicInteger(3);
        WatchedS3 slow = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void after(S3Request request) {
                if (request instanceof DeleteObjectRequest && late.getAndDecrement() > 0) vault.token();
            }
        });
        assertThat(rewrap(slow, task(1, 0, null)).run().moved()).isEqualTo(4);
        assertThat(vault.all("records/1/")).isEmpty();
        vault.allRead(Rotating.AFTER);
    }

    @Test
    @Timeout(60)
    void recordsThatNeverEndAreGivenUpWithASentence() {
        vault.token();
        WatchedS3 endless = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void after(S3Request request) {
                if (request instanceof DeleteObjectRequest) vault.token();
            }
        });
        assertThatThrownBy(() -> rewrap(endless, task(1, 0, null)).run())
                .isInstanceOf(CallFailed.class)
                .hasMessageContaining("keep appearing under share 1");
    }

    @Test
    void anObjectWithoutTheNameOfARecordIsQuarantinedAndDoesNotStopTheRewrap() throws Exception {
        vault.token();
        byte[] large = new byte[200_000];
        large[199_999] = 1;
        List<String> strays = List.of("", "0", "abc", "z", "a/b c", "A".repeat(32), "ü%20+");
        for (String name : strays) RETRY.run(() -> vault.bucket.put("records/1/" + name, large, "text/plain"));
        assertThat(rewrap(vault.s3(), task(2, 1, null)).run().quarantined()).isZero();
        assertThat(rewrap(vault.s3(), task(2, 0, null)).run().quarantined()).isEqualTo(strays.size());
        assertThat(vault.all("records/1/")).isEmpty();
        assertThat(vault.all("quarantine/"))
                .containsExactlyInAnyOrderElementsOf(
                        strays.stream().map(name -> "quarantine/1/" + name).toList());
        assertThat(vault.s3()
                        .getObjectAsBytes(get -> get.bucket("vault").key("quarantine/1/abc"))
                        .asByteArray())
                .isEqualTo(large);
        vault.allRead(Rotating.AFTER);
    }

    @Test
    void aShareThatThisKeyringCannotMoveStopsAllBeforeAnythingIsTouched() {
        Token token = vault.token();
        refused(Rotating.BEFORE, 1, "is 1, which is the primary share; set it to an older one", "primary=1 shares=1");
        refused(Rotating.AFTER, 1, "is 1, which is no older share of this keyring", "primary=2 shares=2");
        refused(TestKeyring.of(1, 1, 2), 2, "is 2, which is no older share of this keyring", "nothing was moved");
        assertThat(vault.all("")).containsExactly("records/1/" + Rotating.id(token));
    }

    private static void refused(Keyring keyring, int share, String... sentence) {
        RewrapEnvironment task = new RewrapEnvironment(files(), share, 1, 0, null);
        assertThatThrownBy(() -> new Rewrap(vault.bucket, keyring, task, RETRY))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContainingAll(sentence);
    }

    @Test
    void theRateIsKept() throws Exception {
        for (int i = 0; i < 22; i++) vault.token();
        Queue<Long> begun = new ConcurrentLinkedQueue<>();
        WatchedS3 watched = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof GetObjectRequest) begun.add(System.nanoTime());
            }
        });
        assertThat(rewrap(watched, task(1, 0, 10.0)).run().moved()).isEqualTo(22);
        // All could begin at once. The first may come at the end of its tenth of a second, so 21 after it take at least
        // two seconds, and no more than what the machine takes.
        long last = begun.stream().mapToLong(Long::longValue).max().orElseThrow();
        Duration took = Duration.ofNanos(last - begun.element());
        assertThat(took).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(30));
    }

    @Test
    void aStoreThatGoesAwayForAMomentIsWaitedFor() throws Exception {
        try (Rotating own = new Rotating()) {
            for (int i = 0; i < 50; i++) own.token();
            AtomicInteger requests = new AtomicInteger();
            Thread comesBack = new Thread(own.store::restart);
            WatchedS3 watched = new WatchedS3(own.s3(), new WatchedS3.Watch() {
                @Override
                public void before(S3Request request) {
                    if (requests.incrementAndGet() != 40) return;
                    own.store.stop();
                    comesBack.start();
                }
            });
            StoreRetry retry = new StoreRetry(Duration.ofSeconds(30));
            new Rewrap(Rotating.by(watched), Rotating.KEYRING, task(1, 0, null), retry).run();
            comesBack.join();
            assertThat(own.all("records/1/")).isEmpty();
            assertThat(own.all("records/2/")).hasSize(50);
            own.allRead(Rotating.AFTER);
        }
    }

    @Test
    void aStoreThatStaysAwayIsGivenUpWithASentence() {
        try (Rotating own = new Rotating()) {
            own.token();
            own.store.stop();
            try (EverythingLogged logged = new EverythingLogged()) {
                Rewrap rewrap = new Rewrap(
                        Rotating.by(own.s3()),
                        Rotating.KEYRING,
                        task(1, 0, null),
                        new StoreRetry(Duration.ofSeconds(3)));
                assertThatThrownBy(rewrap::run).isInstanceOfSatisfying(CallFailed.class, failed -> {
                    assertThat(failed.failure()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
                    assertThat(failed.sentence())
                            .startsWith("The object store gave no good answer for 3s (SdkClientException")
                            .endsWith(".")
                            .doesNotContain("http");
                });
                assertThat(logged.text())
                        .as("one line for all retries")
                        .containsOnlyOnce("begins no attempt after 3s. The object store gave no good answer (");
            }
        }
    }

    @Test
    void theLogHoldsIdsAndNoKeys() throws Exception {
        Token token = vault.token();
        Token unreadable = vault.unreadable();
        List<String> secrets = new ArrayList<>(List.of(token.text(), unreadable.text(), "embedded-secret"));
        try (EverythingLogged logged = new EverythingLogged()) {
            rewrap(vault.s3(), task(1, 0, null)).run();
            assertThat(logged.text())
                    .contains("WARN", "the record " + Rotating.id(unreadable) + " of share 1 is quarantined")
                    .contains("its text is not that of a record")
                    .doesNotContain("no record of " + Rotating.id(unreadable));
            Record moved = RecordJson.read(
                    vault.bucket.get(Layout.record(2, Rotating.id(token))).orElseThrow());
            secrets.add(HexFormat.of().formatHex(moved.body()));
            secrets.add(java.util.Base64.getEncoder().encodeToString(moved.body()));
            assertThat(logged.text()).doesNotContain(secrets);
        }
    }

    private static Rewrap rewrap(S3Client s3, RewrapEnvironment task) {
        return new Rewrap(Rotating.by(s3), Rotating.KEYRING, task, RETRY);
    }

    private static RewrapEnvironment task(int workers, int worker, @Nullable Double rate) {
        return new RewrapEnvironment(files(), 1, workers, worker, rate);
    }

    private static VaultFiles files() {
        return new VaultFiles(Path.of("settings.json"), null, Path.of("keyring"), null, null, null);
    }
}
