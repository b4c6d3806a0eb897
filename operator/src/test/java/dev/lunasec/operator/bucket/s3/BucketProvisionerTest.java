package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.SettingResult;
import dev.lunasec.operator.bucket.SettingResult.Result;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.s3.S3Connection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** Each defect of a bucket has its reason in the status, and the bucket becomes ready once the defect is corrected. */
@Tag("embedded")
class BucketProvisionerTest {

    private Store store;
    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(100));

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SHORTLY = Duration.ofHours(23);

    private BucketStatus reconcile(BucketSpec spec) {
        return buckets.reconcile(spec, Store.claim(spec), Map.of(), NOW);
    }

    @BeforeEach
    void start() throws Exception {
        store = new Store();
    }

    @AfterEach
    void stop() throws Exception {
        buckets.close();
        store.close();
    }

    @Test
    void aMissingBucketIsCreatedAndTheSecondPassWritesNoSetting() throws Exception {
        BucketStatus first = reconcile(store.spec("vault"));
        assertThat(first.reason()).isEqualTo("Ready");
        assertThat(first.settings())
                .extracting(SettingResult::name)
                .contains("OwnerTag", "PublicAccessBlock", "AbortStaleUploads");
        store.requests.clear();
        assertThat(reconcile(store.spec("vault")).ready()).isTrue();
        assertThat(store.settingWrites()).isEmpty();
        assertThat(buckets.records(store.spec("vault"), Store.claim(store.spec("vault")))
                        .any())
                .isEqualTo(RecordPresence.NONE);
    }

    @Test
    void aMissingBucketIsNotCreatedWithAdoptOrVerify() {
        for (Provisioning provisioning : new Provisioning[] {Provisioning.ADOPT, Provisioning.VERIFY}) {
            BucketSpec spec = store.spec("vault", provisioning, Store.KEYS, "payments/vault");
            assertThat(reconcile(spec).reason()).isEqualTo("BucketMissing");
        }
        assertThat(reconcile(store.spec("vault")).ready()).isTrue();
        assertThat(reconcile(store.spec("vault", Provisioning.VERIFY, Store.KEYS, "payments/vault"))
                        .ready())
                .isTrue();
    }

    @Test
    void wrongCredentialsAreReportedUntilTheyAreCorrected() {
        BucketSpec.Credentials wrong = new BucketSpec.Credentials("access", "another");
        assertThat(reconcile(store.spec("vault", Provisioning.CREATE, wrong, "payments/vault"))
                        .reason())
                .isEqualTo("CredentialsRejected");
        assertThat(reconcile(store.spec("vault")).ready()).isTrue();
    }

    /** A session of the credentials that has expired, or the page of a proxy. */
    @Test
    void aPassingErrorOnASettingIsNotTakenForAnUnknownSetting() {
        for (Answer passing : List.of(
                new Answer(400, "ExpiredToken"), new Answer(400, "RequestTimeTooSkewed"), new Answer(400, ""))) {
            store.fault = (method, path, query, exchange) -> "publicAccessBlock".equals(query) ? passing : null;
            BucketStatus status = reconcile(store.spec("vault"));
            assertThat(status.reason()).isEqualTo("StoreFailed");
            assertThat(status.settings()).isEmpty();
        }
        store.fault = Store.NONE;
        assertThat(reconcile(store.spec("vault")).settings())
                .noneMatch(
                        s -> s.name().equals("PublicAccessBlock") && s.message().contains("day"));
    }

    /** MinIO and Ceph answer an unknown setting so. */
    @Test
    void aSettingThatTheStoreDoesNotKnowIsWrittenAgainADayLater() {
        AtomicBoolean known = new AtomicBoolean();
        store.fault = (method, path, query, exchange) -> {
            if (!"publicAccessBlock".equals(query)) return null;
            if (method.equals("GET")) return new Answer(404, "NoSuchPublicAccessBlockConfiguration");
            return known.get() ? new Answer(204, "") : new Answer(400, "MalformedXML");
        };
        assertThat(setting("PublicAccessBlock", NOW)).isEqualTo(new Refused(Result.UNSUPPORTED, NOW));
        known.set(true);
        assertThat(setting("PublicAccessBlock", NOW.plus(SHORTLY))).isEqualTo(new Refused(Result.UNSUPPORTED, NOW));
        assertThat(setting("PublicAccessBlock", NOW.plus(Duration.ofDays(1))))
                .isEqualTo(new Refused(Result.APPLIED, null));
    }

    private record Refused(Result result, @Nullable Instant tried) {}

    private Refused setting(String name, Instant now) {
        return buckets
                .reconcile(store.spec("vault"), Store.claim(store.spec("vault")), Map.of(), now)
                .settings()
                .stream()
                .filter(setting -> setting.name().equals(name))
                .map(setting -> new Refused(setting.result(), setting.tried()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBucketOfAnotherAccountIsNotOwned() {
        store.fault =
                (method, path, query, exchange) -> path.startsWith("/vault") ? new Answer(403, "AccessDenied") : null;
        assertThat(reconcile(store.spec("vault")).reason()).isEqualTo("BucketNotOwned");
    }

    @Test
    void aNameThatIsTakenIsNotOwned() {
        store.fault =
                (method, path, query, exchange) -> method.equals("PUT") && path.matches("/vault/?") && query == null
                        ? new Answer(409, "BucketAlreadyExists")
                        : null;
        assertThat(reconcile(store.spec("vault")).reason()).isEqualTo("BucketNotOwned");
    }

    /** As on AWS: SSE-C is rejected until the encryption of the bucket allows it. */
    @Test
    void ssecIsAllowedOnABucketThatBlocksIt() {
        AtomicBoolean open = new AtomicBoolean();
        store.fault = (method, path, query, exchange) -> {
            if (method.equals("PUT") && "encryption".equals(query)) {
                open.set(true);
                return new Answer(204, "");
            }
            boolean ssec = exchange.getRequestHeaders().containsKey("x-amz-server-side-encryption-customer-key");
            return ssec && method.equals("PUT") && !open.get() ? new Answer(403, "AccessDenied") : null;
        };
        BucketSpec verify = store.spec("vault", Provisioning.VERIFY, Store.KEYS, "payments/vault");
        assertThat(reconcile(verify).reason()).isEqualTo("BucketMissing");
        BucketStatus status = reconcile(store.spec("vault"));
        assertThat(status.reason()).isEqualTo("Ready");
        assertThat(status.settings()).anyMatch(s -> s.name().equals("SSECAllowed") && s.result() == Result.APPLIED);
    }

    @Test
    void aBucketWhoseSsecBlockCannotBeChangedIsReported() {
        store.fault = (method, path, query, exchange) -> {
            if ("encryption".equals(query)) return new Answer(403, "AccessDenied");
            boolean ssec = exchange.getRequestHeaders().containsKey("x-amz-server-side-encryption-customer-key");
            return ssec && method.equals("PUT") ? new Answer(403, "AccessDenied") : null;
        };
        BucketStatus status = reconcile(store.spec("vault"));
        assertThat(status.reason()).isEqualTo("SSECBlocked");
        assertThat(status.settings()).anyMatch(s -> s.name().equals("SSECAllowed") && s.result() == Result.DENIED);
        store.fault = (method, path, query, exchange) -> null;
        assertThat(reconcile(store.spec("vault")).ready()).isTrue();
    }

    @Test
    void aStoreWithoutSsecIsReported() {
        store.fault = (method, path, query, exchange) ->
                exchange.getRequestHeaders().containsKey("x-amz-server-side-encryption-customer-key")
                        ? new Answer(501, "NotImplemented")
                        : null;
        assertThat(reconcile(store.spec("vault")).reason()).isEqualTo("SSECUnsupported");
    }

    /** Ceph does this with the public access block: it stores the setting, and every later write fails. */
    @Test
    void aSettingThatBreaksTheStoreIsRevertedAndNotRetried() {
        AtomicBoolean blocked = new AtomicBoolean();
        store.fault = (method, path, query, exchange) -> {
            if ("publicAccessBlock".equals(query)) {
                if (method.equals("GET")) return new Answer(404, "NoSuchPublicAccessBlockConfiguration");
                blocked.set(!blocked.get());
                return new Answer(204, "");
            }
            return blocked.get() && method.equals("PUT") && path.contains("canary")
                    ? new Answer(403, "AccessDenied")
                    : null;
        };
        BucketStatus status = reconcile(store.spec("vault"));
        assertThat(status.ready()).isTrue();
        assertThat(status.settings())
                .anyMatch(s -> s.name().equals("PublicAccessBlock") && s.result() == Result.UNSUPPORTED);
        store.requests.clear();
        assertThat(reconcile(store.spec("vault")).ready()).isTrue();
        assertThat(store.settingWrites()).isEmpty();
        // A restarted operator does not retry it either, because each attempt interrupts callers.
        try (BucketProvisioner anew = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(100))) {
            assertThat(anew.reconcile(
                                    store.spec("vault"),
                                    Store.claim(store.spec("vault")),
                                    Map.of("PublicAccessBlock", NOW),
                                    NOW.plus(SHORTLY))
                            .settings())
                    .anyMatch(s -> s.name().equals("PublicAccessBlock") && s.result() == Result.UNSUPPORTED);
        }
        assertThat(store.settingWrites()).isEmpty();
    }

    @Test
    void corsAllowsOnlyTheOriginOfTheFrame() {
        List<String> rules = new CopyOnWriteArrayList<>();
        store.fault = (method, path, query, exchange) -> {
            if (!"cors".equals(query)) return null;
            if (method.equals("GET"))
                return rules.isEmpty() ? new Answer(404, "NoSuchCORSConfiguration") : new Answer(200, rules.get(0));
            rules.add(0, store.body(exchange));
            return new Answer(200, "");
        };
        BucketSpec spec = store.spec("vault", "https://vault.example.com");
        assertThat(reconcile(spec).settings()).anyMatch(s -> s.name().equals("CORS") && s.result() == Result.APPLIED);
        assertThat(rules).hasSize(1);
        assertThat(rules.get(0))
                .contains("<AllowedOrigin>https://vault.example.com</AllowedOrigin>")
                .contains("<AllowedHeader>x-amz-server-side-encryption-customer-key-md5</AllowedHeader>")
                .doesNotContain("*");
        assertThat(reconcile(spec).settings()).anyMatch(s -> s.name().equals("CORS") && s.result() == Result.UNCHANGED);
        rules.add(0, rules.get(0).replace("vault.example.com", "evil.example.com"));
        assertThat(reconcile(spec).settings())
                .as("a changed rule is restored")
                .anyMatch(s -> s.name().equals("CORS") && s.result() == Result.APPLIED);
        assertThat(rules.get(0)).contains("vault.example.com").doesNotContain("evil");
        assertThat(reconcile(store.spec("vault")).settings())
                .extracting(SettingResult::name)
                .doesNotContain("CORS");
    }

    @Test
    void anUnreadableCaIsReported() {
        BucketSpec spec = new BucketSpec(
                "vault",
                "us-east-1",
                store.endpoint(),
                null,
                true,
                Provisioning.CREATE,
                Store.KEYS,
                "no certificate",
                null,
                "payments/vault");
        assertThat(reconcile(spec).reason()).isEqualTo("TrustedCAInvalid");
    }

    @Test
    void anUnreachableStoreIsReported() throws Exception {
        URI away;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            away = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        BucketSpec spec = new BucketSpec(
                "vault", "us-east-1", away, null, true, Provisioning.CREATE, Store.KEYS, null, null, "payments/vault");
        assertThat(reconcile(spec).reason()).isEqualTo("StoreUnreachable");
        assertThat(buckets.records(spec, Store.claim(spec)).any()).isEqualTo(RecordPresence.UNKNOWN);
    }

    @Test
    void recordsAreFound() throws Exception {
        BucketSpec spec = store.spec("vault");
        assertThat(reconcile(spec).ready()).isTrue();
        try (S3Connection connection = new S3Connection(spec.location(), spec.accessKeys(), null)) {
            connection.s3().putObject(put -> put.bucket("vault").key("records/1/ab"), RequestBody.fromString("{}"));
        }
        assertThat(buckets.records(spec, Store.claim(spec)).any()).isEqualTo(RecordPresence.SOME);
    }
}
