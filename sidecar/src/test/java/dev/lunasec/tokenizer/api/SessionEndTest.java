package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page of the application logs its user out at the tokenizer, and no other page does. */
@Tag("embedded")
class SessionEndTest {
    private static final String ATTRIBUTES = "Secure; HttpOnly; SameSite=None; Partitioned";

    @AutoClose
    private static TestVault vault;

    private static Api api;

    @BeforeAll
    static void start() {
        vault = TestVault.started();
        api = vault.api();
    }

    @ParameterizedTest
    @CsvSource({TestVault.PAGE + ", same-site", TestVault.PAGE + ", cross-site", TestVault.PAGE + ",", ", same-origin"})
    void thePageOfTheUserTakesTheCookieAway(@Nullable String origin, @Nullable String site) {
        Answer ended = end(origin, site);
        assertThat(ended.status()).as(ended.text()).isEqualTo(200);
        assertThat(ended.text()).isEqualTo("{\"success\":true,\"error\":{},\"data\":{}}");
        assertThat(ended.headers().allValues("set-cookie"))
                .containsExactly(
                        "__Host-access_token=; Path=/; Max-Age=0; " + ATTRIBUTES,
                        "__Host-state=; Path=/; Max-Age=0; " + ATTRIBUTES);
        assertThat(ended.headers().firstValue("vary")).hasValue("Origin");
        assertThat(ended.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(ended.headers().firstValue("lunasec-session-hash")).isEmpty();
    }

    @Test
    void thePageReadsWhetherItWorked() {
        Answer ended = end(TestVault.PAGE, "same-site");
        assertThat(ended.headers().firstValue("access-control-allow-origin")).hasValue(TestVault.PAGE);
        assertThat(ended.headers().firstValue("access-control-allow-credentials"))
                .hasValue("true");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another site, https://evil.example.net, cross-site",
        "a sibling, https://blog.example.com, same-site",
        "a sandboxed frame, null, cross-site",
        "another site without Origin, , cross-site",
        "no browser, , ",
        "typed into the address bar, , none",
        "an allowed origin that cannot be right, https://shop.example.com, same-origin",
        "the own origin that cannot be right, https://vault.example.com, cross-site"
    })
    void otherPagesLogNobodyOut(String page, @Nullable String origin, @Nullable String site) {
        Answer answer = end(origin, site);
        refused(answer, 403, "crossOrigin");
        assertThat(answer.headers().allValues("set-cookie")).as(page).isEmpty();
    }

    @Test
    void theRouteTakesPostAlone() {
        Answer answer = api.send(api.request("/session/end").GET());
        refused(answer, 405, "methodNotAllowed");
        assertThat(answer.headers().firstValue("allow")).hasValue("POST");
    }

    private static Answer end(@Nullable String origin, @Nullable String site) {
        HttpRequest.Builder request = api.request("/session/end")
                .header("Cookie", "__Host-access_token=" + vault.user())
                .POST(BodyPublishers.noBody());
        if (origin != null) request.header("Origin", origin);
        if (site != null) request.header("Sec-Fetch-Site", site);
        return api.send(request);
    }
}
