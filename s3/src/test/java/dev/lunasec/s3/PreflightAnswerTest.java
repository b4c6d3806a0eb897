package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The answers to a preflight after which a browser sends the request, and those after which it does not. */
@Tag("pure")
class PreflightAnswerTest {
    private static final String PAGE = "https://vault.example.com";
    private static final List<String> SENT = List.of("content-type", "if-none-match");

    @Test
    void aBrowserSendsWhatTheAnswerAllows() {
        assertThat(missing(200, PAGE, "GET, PUT", "Content-Type,If-None-Match", "PUT"))
                .isEmpty();
        assertThat(missing(204, "*", "*", "*", "PUT")).isEmpty();
        assertThat(missing(200, PAGE, null, "content-type, if-none-match, x-other", "GET"))
                .as("GET needs no permission")
                .isEmpty();
    }

    @Test
    void theFirstThingThatIsMissingIsNamed() {
        assertThat(missing(403, PAGE, "PUT", "*", "PUT")).isEqualTo("is answered with the status 403");
        assertThat(missing(302, PAGE, "PUT", "*", "PUT")).isEqualTo("is answered with the status 302");
        for (String other : new String[] {null, "", "null", "https://evil.example.net", PAGE + "/", PAGE + ", *"}) {
            assertThat(missing(200, other, "PUT", "*", "PUT")).as(other).isEqualTo("does not allow the origin");
        }
        for (String other : new String[] {null, "", "GET", "put", "GET, POST"}) {
            assertThat(missing(200, PAGE, other, "*", "PUT")).as(other).isEqualTo("does not allow the method");
        }
        for (String other : new String[] {null, "", "content-type", "content-type,if-none-match-x"}) {
            assertThat(missing(200, PAGE, "PUT", other, "PUT")).as(other).startsWith("does not allow the header ");
        }
        assertThat(missing(200, PAGE, "PUT", "content-type", "PUT"))
                .isEqualTo("does not allow the header if-none-match");
    }

    @Test
    void aBrowserRefusesTwoOrigins() {
        PreflightAnswer answer = new PreflightAnswer(200, List.of(PAGE, PAGE), List.of("PUT"), List.of("*"));
        assertThat(answer.missing(PAGE, "PUT", SENT)).hasValue("does not allow the origin");
    }

    private static String missing(
            int status, @Nullable String origin, @Nullable String methods, @Nullable String headers, String method) {
        Map<String, List<String>> answer = new TreeMap<>();
        if (origin != null) answer.put("Access-Control-Allow-Origin", List.of(origin));
        if (methods != null) answer.put("access-control-allow-methods", List.of(methods));
        if (headers != null) answer.put("Access-Control-Allow-Headers", List.of(headers));
        return PreflightAnswer.of(status, HttpHeaders.of(answer, (name, value) -> true))
                .missing(PAGE, method, SENT)
                .orElse("");
    }
}
