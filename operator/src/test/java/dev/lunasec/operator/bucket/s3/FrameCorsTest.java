package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.SettingResult.Result;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of the frame's origin can use signed URLs in browsers, or the status says what keeps them out. */
@Tag("embedded")
class FrameCorsTest {
    private static final String PAGE = "https://vault.example.com";
    private static final String SENT = "content-type,if-none-match,x-amz-server-side-encryption-customer-algorithm,"
            + "x-amz-server-side-encryption-customer-key,x-amz-server-side-encryption-customer-key-md5";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(100));
    private final List<Headers> preflights = new CopyOnWriteArrayList<>();
    private Store store;

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
    void aStoreWhoseServerLetsTheFrameInNeedsNoRuleOfTheBucket() {
        withoutRules(200, PAGE, "GET, PUT", SENT);
        BucketStatus status = reconcile(store.spec("vault", PAGE));
        assertThat(result(status)).isEqualTo(Result.UNCHANGED);
        assertThat(status.message()).doesNotContain("browsers");
        assertThat(preflights)
                .hasSize(2)
                .allSatisfy(sent -> assertThat(sent.getFirst("Origin")).isEqualTo(PAGE));
        assertThat(preflights.stream().map(sent -> sent.getFirst("Access-Control-Request-Method")))
                .containsExactly("GET", "PUT");
        assertThat(preflights.stream().map(sent -> sent.getFirst("Access-Control-Request-Headers")))
                .containsExactly(SENT.replace("content-type,if-none-match,", ""), SENT);
        assertThat(store.requests).noneMatch(request -> request.startsWith("PUT /vault?cors"));
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | https://vault.example.com | GET, PUT | * | a preflight for GET is answered with the status 403.",
                "200 | https://other.example.com | GET, PUT | * | a preflight for GET does not allow the origin.",
                "200 | https://vault.example.com | GET | * | a preflight for PUT does not allow the method.",
                "200 | https://vault.example.com | GET, PUT | content-type | a preflight for GET does not allow the header"
                        + " x-amz-server-side-encryption-customer-algorithm.",
                "200 | | | | a preflight for GET does not allow the origin."
            })
    void aStoreWhoseServerKeepsTheFrameOutSaysWhatIsMissing(
            int status, @Nullable String origin, @Nullable String methods, @Nullable String headers, String missing) {
        withoutRules(status, origin, methods, headers);
        BucketStatus vault = reconcile(store.spec("vault", PAGE));
        assertThat(vault.ready()).as("other callers can use it").isTrue();
        assertThat(result(vault)).isEqualTo(Result.UNSUPPORTED);
        assertThat(vault.message())
                .contains("Pages of https://vault.example.com cannot use the store in browsers: " + missing)
                .contains("the methods GET, PUT and the headers content-type, if-none-match", "expose ETag");
    }

    @Test
    void theRuleOfTheBucketAllowsWhatAFrameSendsForADayAndOneThatAllowsLessIsReplaced() {
        List<String> rules = new CopyOnWriteArrayList<>();
        store.fault = (method, path, query, exchange) -> {
            if (!"cors".equals(query)) return null;
            if (method.equals("GET")) {
                return rules.isEmpty() ? new Answer(404, "NoSuchCORSConfiguration") : new Answer(200, rules.get(0));
            }
            rules.add(0, store.body(exchange));
            return new Answer(200, "");
        };
        BucketSpec spec = store.spec("vault", PAGE);
        BucketStatus applied = reconcile(spec);
        assertThat(result(applied)).isEqualTo(Result.APPLIED);
        assertThat(applied.message()).as("a new rule may need some seconds").doesNotContain("browsers");
        for (String header : (SENT + ",x-amz-checksum-crc32,x-amz-checksum-sha256").split(",", -1)) {
            assertThat(rules.get(0)).contains("<AllowedHeader>" + header + "</AllowedHeader>");
        }
        assertThat(rules.get(0))
                .contains(
                        "<AllowedMethod>GET</AllowedMethod>",
                        "<AllowedMethod>PUT</AllowedMethod>",
                        "<ExposeHeader>ETag</ExposeHeader>",
                        "<MaxAgeSeconds>86400</MaxAgeSeconds>")
                .doesNotContain("*", "DELETE", "POST");
        assertThat(result(reconcile(spec))).isEqualTo(Result.UNCHANGED);
        rules.add(0, rules.get(0).replace("86400", "3600"));
        assertThat(result(reconcile(spec))).as("a store may round").isEqualTo(Result.UNCHANGED);
        rules.add(0, rules.get(0).replace("<ExposeHeader>ETag</ExposeHeader>", ""));
        assertThat(result(reconcile(spec))).isEqualTo(Result.APPLIED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {"GET, PUT | UNCHANGED", "GET | DENIED"})
    void withVerifyAnyRuleIsGoodThatLetsTheFrameIn(String methods, Result result) {
        assertThat(reconcile(store.spec("vault")).ready()).isTrue();
        withoutRules(200, "*", methods, "*");
        Store.Fault preflight = store.fault;
        store.fault = (method, path, query, exchange) -> "cors".equals(query)
                ? new Answer(
                        200,
                        "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>"
                                + "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")
                : preflight.of(method, path, query, exchange);
        assertThat(result(reconcile(spec(null, Provisioning.VERIFY)))).isEqualTo(result);
        assertThat(store.requests).noneMatch(request -> request.startsWith("PUT /vault?cors"));
    }

    @Test
    void anAddressThatGivesNoAnswerIsAskedOnce() throws Exception {
        try (Store seenByBrowsers = new Store()) {
            seenByBrowsers.fault = (method, path, query, exchange) -> {
                if (!method.equals("OPTIONS")) return null;
                exchange.close();
                return new Answer(500, "");
            };
            withoutRules(200, PAGE, "GET, PUT", "*");
            BucketStatus status = reconcile(spec(seenByBrowsers.endpoint(), Provisioning.CREATE));
            assertThat(status.message()).doesNotContain("browsers");
            assertThat(seenByBrowsers.requests)
                    .filteredOn(request -> request.startsWith("OPTIONS"))
                    .hasSize(1);
        }
    }

    @Test
    void theAddressThatBrowsersUseIsTested() throws Exception {
        try (Store seenByBrowsers = new Store()) {
            withoutRules(200, PAGE, "GET, PUT", "*");
            assertThat(reconcile(spec(seenByBrowsers.endpoint(), Provisioning.CREATE))
                            .message())
                    .contains("cannot use the store in browsers");
            assertThat(preflights).isEmpty();
            assertThat(seenByBrowsers.requests)
                    .anyMatch(request -> request.startsWith("OPTIONS /vault/canary/preflight?X-Amz-Algorithm="));
        }
    }

    @Test
    void withoutAFrameNothingIsAsked() {
        withoutRules(403, null, null, null);
        BucketStatus status = reconcile(store.spec("vault"));
        assertThat(status.message()).doesNotContain("browsers");
        assertThat(preflights).isEmpty();
    }

    private BucketSpec spec(@Nullable URI outside, Provisioning provisioning) {
        BucketSpec usual = store.spec("vault", PAGE);
        return new BucketSpec(
                "vault",
                usual.region(),
                usual.endpoint(),
                outside,
                true,
                provisioning,
                usual.credentials(),
                null,
                PAGE,
                usual.owner());
    }

    /** A store without the setting of a bucket, which answers preflights so. */
    private void withoutRules(int status, @Nullable String origin, @Nullable String methods, @Nullable String headers) {
        store.fault = (method, path, query, exchange) -> {
            if ("cors".equals(query)) return new Answer(501, "NotImplemented");
            if (!method.equals("OPTIONS")) return null;
            preflights.add(exchange.getRequestHeaders());
            Headers answer = exchange.getResponseHeaders();
            if (origin != null) answer.add("Access-Control-Allow-Origin", origin);
            if (methods != null) answer.add("Access-Control-Allow-Methods", methods);
            if (headers != null) answer.add("Access-Control-Allow-Headers", headers);
            return new Answer(status, "");
        };
    }

    private static Result result(BucketStatus status) {
        return status.settings().stream()
                .filter(setting -> setting.name().equals("CORS"))
                .findFirst()
                .orElseThrow()
                .result();
    }

    private BucketStatus reconcile(BucketSpec spec) {
        return buckets.reconcile(spec, Store.claim(spec), Map.of(), NOW);
    }
}
