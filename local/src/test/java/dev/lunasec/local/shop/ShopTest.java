package dev.lunasec.local.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.testbed.FreePort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server of the shop answers to good and bad requests, while the vault and its bucket cannot be reached. */
@Tag("embedded")
class ShopTest {
    private static final String ORIGIN = "http://shop.localhost:8080";
    private static final String VAULT = "http://vault.shop.localhost:37766";
    private static final String FORGED = "shop-session=0123456789abcdef0123456789abcdef";
    private static final String TOKENS =
            "card=lunasec-11111111-2222-3333-4444-555555555555" + "&scan=lunasec-66666666-7777-8888-9999-aaaaaaaaaaaa";
    private static final String UNKNOWN = "The shop does not know this browser; choose on the first page who you are.";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Shop shop;

    @BeforeEach
    void start() {
        URI nobody = URI.create("http://127.0.0.1:" + FreePort.find());
        StoreLocation bucket = new StoreLocation("vault", "us-east-1", nobody, true);
        shop = new Shop(new ShopSettings(
                FreePort.find(),
                ORIGIN,
                nobody,
                VAULT,
                folder.resolve("shop.db"),
                (kind, session) -> kind + "." + session.replaceAll("-.*", "") + ".jwt",
                new Bucket(bucket, new AccessKeys("access", "secret"), null)));
    }

    @AfterEach
    void stop() {
        shop.close();
        http.close();
    }

    @Test
    void aForgedCookieIsNobody() throws Exception {
        assertThat(sentence(get("/api/panel", FORGED), 403)).isEqualTo("{\"error\":\"" + UNKNOWN + "\"}");
        assertThat(sentence(get("/api/profile", FORGED), 403)).contains(UNKNOWN);
        assertThat(sentence(get("/profile", FORGED), 403)).contains(UNKNOWN, "data-person=\"nobody\"");
        assertThat(sentence(get(Shop.LOGIN + "?state=abc", FORGED), 403)).contains(UNKNOWN);
        assertThat(sentence(post("/sign-up", FORGED, "name=Ada&email=a@b&" + TOKENS), 403))
                .contains(UNKNOWN);
        assertThat(sentence(post("/support-access", FORGED, ""), 403)).contains(UNKNOWN);
        assertThat(sentence(post("/support-access", "", ""), 403)).contains(UNKNOWN);
    }

    @Test
    void whoeverLeavesIsNobodyAndMayLeaveTwice() throws Exception {
        String customer = customer();
        for (int time = 0; time < 2; time++) {
            HttpResponse<String> left = post("/logout", customer, "");
            assertThat(location(left)).isEqualTo("/");
            assertThat(cookie(left)).isEqualTo("shop-session=");
            assertThat(sentence(get("/api/profile", customer), 403)).contains(UNKNOWN);
        }
    }

    @Test
    void aPersonMustBeOneOfTwo() throws Exception {
        assertThat(sentence(post("/login", "", "as=admin"), 400)).contains("Write customer or clerk in the field as.");
        assertThat(sentence(post("/login", "", ""), 400)).contains("Write customer or clerk in the field as.");
    }

    @Test
    void aFormMustBeCompleteAndHoldTokens() throws Exception {
        String customer = customer();
        assertThat(sentence(post("/sign-up", customer, "name=Ada&email=a@b"), 400))
                .contains("The field card is missing; fill it in.");
        assertThat(sentence(post("/sign-up", customer, "name=Ada&email=a@b&card=4242424242424242&scan=x"), 400))
                .contains("The field card holds no token;")
                .doesNotContain("4242424242424242");
        assertThat(sentence(post("/sign-up", customer, "name=%ZZ"), 400)).contains("The field name is missing;");
    }

    @Test
    void aFormWithFilesAndALargeOneAreRefused() throws Exception {
        String customer = customer();
        HttpRequest.Builder files = request("/sign-up", customer)
                .header("content-type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString("--x\r\nthis has no end"));
        assertThat(sentence(send(files), 400)).contains("The shop takes no files;");
        assertThat(sentence(post("/sign-up", customer, "name=" + "A".repeat(20_000)), 413))
                .contains("The shop does not take such a request; use its pages.");
    }

    @Test
    void aFormOfAnotherSiteIsRefused() throws Exception {
        HttpRequest.Builder form = request("/support-access", customer())
                .header("origin", "http://evil.example")
                .POST(BodyPublishers.noBody());
        assertThat(sentence(send(form), 403)).contains("This form was sent from another site;");
    }

    @Test
    void aVaultThatDoesNotAnswerIsNamed() throws Exception {
        assertThat(sentence(post("/sign-up", customer(), "name=Ada&email=a@b&" + TOKENS), 502))
                .contains("The vault did not do its part (unreachable); try again.");
    }

    @Test
    void thePanelSaysThatTheBucketCannotBeListed() throws Exception {
        assertThat(sentence(get("/api/panel", customer()), 200))
                .contains("The bucket cannot be listed at the moment.", "\"rows\":[]", "\"path\":\"/login\"");
    }

    @Test
    void theLoginSendsTheBrowserBackToTheVaultAsItsPerson() throws Exception {
        String customer = customer();
        HttpResponse<String> sentBack = get(Shop.LOGIN + "?state=abc", customer);
        assertThat(location(sentBack)).isEqualTo(VAULT + "/session/create?state=abc&openid_token=user.customer.jwt");
        assertThat(sentBack.headers().allValues("referrer-policy")).containsExactly("no-referrer");
        assertThat(sentBack.headers().allValues("cache-control")).containsExactly("no-store");
        String clerk = cookie(post("/login", customer, "as=clerk"));
        assertThat(location(get(Shop.LOGIN + "?state=abc", clerk)))
                .isEqualTo(VAULT + "/session/create?state=abc&openid_token=user.clerk.jwt");
        customer = cookie(post("/login", clerk, "as=customer"));
        assertThat(sentence(get(Shop.LOGIN, customer), 400)).contains("The parameter state is missing;");
        assertThat(sentence(get(Shop.LOGIN + "?state=%0d%0a", customer), 400)).contains("The parameter state");
    }

    @Test
    void thePanelNeverShowsAJwtOrAState() throws Exception {
        String customer = customer();
        get(Shop.LOGIN + "?state=a-state", customer);
        assertThat(sentence(get("/api/panel", customer), 200))
                .contains(Shop.LOGIN)
                .doesNotContain("a-state", ".jwt");
    }

    @Test
    void otherNamesOfThisHostLeadToTheOriginThatTheVaultAllows() throws Exception {
        assertThat(location(get("/", ""))).isEqualTo(ORIGIN + "/");
    }

    @Test
    void pagesRunScriptsOfTheShopAndTheVaultAlone() throws Exception {
        HttpResponse<String> answer = get("/panel.js", "");
        assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
                .startsWith("default-src 'none'; script-src 'self' " + VAULT + ";")
                .doesNotContain("unsafe");
        assertThat(answer.headers().allValues("cross-origin-resource-policy")).containsExactly("same-origin");
        assertThat(sentence(get("/nothing", ""), 404)).contains("The shop has no such page;");
        assertThat(sentence(get("/..%2fshop.css", ""), 404)).doesNotContain("color-scheme");
    }

    /** A cookie of a browser that acts as a customer. */
    private String customer() throws Exception {
        HttpResponse<String> answer = post("/login", "", "as=customer");
        assertThat(location(answer)).isEqualTo("/profile");
        assertThat(answer.headers().firstValue("set-cookie").orElseThrow()).contains("HttpOnly", "SameSite=Lax");
        return cookie(answer);
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private HttpResponse<String> get(String path, String cookie) throws Exception {
        return send(request(path, cookie));
    }

    private HttpResponse<String> post(String path, String cookie, String form) throws Exception {
        return send(request(path, cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private HttpRequest.Builder request(String path, String cookie) {
        return HttpRequest.newBuilder(URI.create(shop.url() + path)).header("cookie", cookie);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("location").orElse("");
    }

    private static String sentence(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }
}
