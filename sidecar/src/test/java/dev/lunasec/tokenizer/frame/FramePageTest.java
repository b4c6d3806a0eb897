package dev.lunasec.tokenizer.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Frame;
import dev.lunasec.frame.FrameFiles;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of the frame holds its own files and the allowed origins, and nothing of its request. */
@Tag("pure")
class FramePageTest {
    private static final String SHOP = "https://shop.example.com";
    private static final FrameFiles FILES = FrameFiles.load();
    private static final FramePage PAGE = page(new Frame("https://vault.example.com", List.of(SHOP, "http://b.test")));

    @ParameterizedTest
    @CsvSource({
        "Input, Secure input",
        "TextArea, Secure text",
        "Card, Payment card",
        "Paragraph, Stored text",
        "Uploader, Secure upload",
        "Downloader, Stored file"
    })
    void thePageNamesItsFilesAndTheAllowedOrigins(String component, String title) {
        assertThat(html("0aF", SHOP, component))
                .startsWith("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .contains(
                        "<meta name=\"tokenizer-allowed-origins\" content=\"https://shop.example.com http://b.test\">",
                        "<title>" + title + "</title>",
                        " href=\"frame/" + FILES.hash() + "/page/frame.css\"",
                        "<script type=\"module\" src=\"frame/" + FILES.hash() + "/page/frame.js\"");
    }

    /** Each frame of a page loads all files anew, also from the cache, so their number is what costs time. */
    @Test
    void thePageLoadsOneScriptAndOneStyle() {
        List<String> loaded = Pattern.compile("(?:src|href)=\"frame/[0-9a-f]{32}/([^\"]+)\"")
                .matcher(html("0", SHOP, "Input"))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(loaded).containsExactly("page/frame.css", "page/frame.js");
        assertThat(FILES.names()).filteredOn(name -> name.startsWith("page/")).hasSameElementsAs(loaded);
    }

    /** Whatever was reflected could be a script, or a text that the user takes for one of the vault. */
    @Test
    void theRequestChangesNothingButTheTitle() {
        String one = html("0123456789abcdef", SHOP, "Input");
        String other = html("f", "http://b.test", "Input");
        assertThat(other.replaceAll("nonce=\"[^\"]*\"", "")).isEqualTo(one.replaceAll("nonce=\"[^\"]*\"", ""));
    }

    @Test
    void eachAnswerHasANonceOfItsOwnInEachElementAndInThePolicy() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            FramePage.Answer answer = PAGE.answer(new FrameRequest("0", SHOP, "Input"));
            String html = new String(answer.html(), StandardCharsets.UTF_8);
            List<String> used = Pattern.compile("nonce=\"([^\"]*)\"")
                    .matcher(html)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(used).hasSize(3).containsOnly(used.getFirst());
            assertThat(used.getFirst()).matches("[A-Za-z0-9_-]{22}");
            assertThat(answer.headers().get("Content-Security-Policy"))
                    .contains(
                            "script-src 'nonce-" + used.getFirst() + "'", "style-src 'nonce-" + used.getFirst() + "'");
            nonces.addAll(used);
        }
        assertThat(nonces).hasSize(100);
        List<String> elements = Pattern.compile("<(script|link|style)\\b[^>]*>")
                .matcher(html("0", SHOP, "Input"))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toList());
        assertThat(elements).hasSize(3).allMatch(element -> element.contains(" nonce=\""));
    }

    @ParameterizedTest
    @CsvSource({
        ", https://shop.example.com, Input, BAD_REQUEST, n is no nonce",
        "xyz, https://shop.example.com, Input, BAD_REQUEST, n is no nonce",
        "0, , Input, BAD_REQUEST, origin is missing",
        "0, https://evil.example.net, Input, ORIGIN_NOT_ALLOWED, spec.frame.allowedOrigins",
        "0, https://shop.example.com., Input, ORIGIN_NOT_ALLOWED, spec.frame.allowedOrigins",
        "0, https://shop.example.com/, Input, ORIGIN_NOT_ALLOWED, spec.frame.allowedOrigins",
        "0, https://shop.example.com, , BAD_REQUEST, component is no component",
        "0, https://shop.example.com, input, BAD_REQUEST, 'Input, TextArea, Card'"
    })
    void aMistakeOfTheEmbeddingPageIsNamed(
            @Nullable String n, @Nullable String origin, @Nullable String component, ErrorCode code, String text) {
        CallFailed refused = refused(PAGE, new FrameRequest(n, origin, component));
        assertThat(refused.failure()).isEqualTo(code);
        assertThat(refused.sentence()).contains(text);
    }

    @Test
    void aVaultWithoutAnOriginOrAllowedOriginsServesNoFrame() {
        for (Frame none : List.of(
                Frame.NONE, new Frame("https://vault.example.com", List.of()), new Frame(null, List.of(SHOP)))) {
            CallFailed refused = refused(page(none), new FrameRequest("0", SHOP, "Input"));
            assertThat(refused.failure()).isEqualTo(ErrorCode.NO_SUCH_ROUTE);
            assertThat(refused.sentence()).contains("spec.frame.origin", "spec.frame.allowedOrigins");
        }
    }

    private static FramePage page(Frame frame) {
        return new FramePage(frame, "https://s3.example.com/vault/", FILES);
    }

    private static String html(String n, String origin, String component) {
        return new String(PAGE.answer(new FrameRequest(n, origin, component)).html(), StandardCharsets.UTF_8);
    }

    private static CallFailed refused(FramePage page, FrameRequest request) {
        return catchThrowableOfType(CallFailed.class, () -> page.answer(request));
    }
}
