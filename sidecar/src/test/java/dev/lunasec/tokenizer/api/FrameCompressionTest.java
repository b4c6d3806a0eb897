package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.FrameRoutesTest.hasHeaders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.frame.FrameFiles;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the frame are compressed for browsers that accept it, and no cache mixes the two up. */
@Tag("embedded")
class FrameCompressionTest {
    private static final FrameFiles FILES = FrameFiles.load();

    @AutoClose
    private static TestVault vault;

    private static Api api;

    @BeforeAll
    static void start() {
        vault = TestVault.started();
        api = vault.api();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br, gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP ; q=0.05"})
    void aBrowserThatAcceptsGzipGetsFilesCompressedAndLearnsTheirLength(String accepted) throws IOException {
        for (String name : FILES.names()) {
            Answer answer = accepting(accepted, name);
            assertThat(answer.status()).isEqualTo(200);
            hasHeaders(answer, Map.of("content-encoding", "gzip", "vary", "Accept-Encoding"));
            assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(answer.body().length);
            byte[] content = FILES.file(name).orElseThrow().content();
            assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
                    .isEqualTo(content);
            assertThat(answer.body().length).as(name).isLessThan(content.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "identity", "gzip;q=0", "gzip;q=0.000, br", "gzipped", ""})
    void otherBrowsersGetFilesAsTheyAre(String accepted) {
        for (String name : List.of("components.js", "page/frame.js")) {
            Answer answer = accepting(accepted, name);
            assertThat(answer.body()).isEqualTo(FILES.file(name).orElseThrow().content());
            hasHeaders(answer, Map.of("vary", "Accept-Encoding"));
            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        }
    }

    /** A cache would otherwise take the bytes of one for those of the other. */
    @Test
    void theTwoEncodingsOfAFileHaveTagsOfTheirOwn() {
        String plain = accepting("identity", "components.js")
                .headers()
                .firstValue("etag")
                .orElseThrow();
        String compressed =
                accepting("gzip", "components.js").headers().firstValue("etag").orElseThrow();
        assertThat(compressed).isNotEqualTo(plain);
        for (String known : List.of(plain, compressed)) {
            Answer answer = api.send(api.request("/components.js")
                    .header("If-None-Match", known)
                    .header("Accept-Encoding", "gzip")
                    .GET());
            assertThat(answer.status()).isEqualTo(known.equals(compressed) ? 304 : 200);
            hasHeaders(answer, Map.of("vary", "Accept-Encoding"));
        }
    }

    private static Answer accepting(String encodings, String name) {
        String folder = name.startsWith("page/") ? "/frame/" + FILES.hash() + "/" : "/";
        return api.send(
                api.request(folder + name).header("Accept-Encoding", encodings).GET());
    }
}
