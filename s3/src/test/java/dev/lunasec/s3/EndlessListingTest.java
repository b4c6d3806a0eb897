package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.SdkException;

/** A store whose listings have one empty page after the other, and always say that there is another one. */
@Tag("embedded")
@Timeout(60)
class EndlessListingTest {
    private final AtomicInteger pages = new AtomicInteger();

    @AutoClose
    private final ScriptedStore store = new ScriptedStore(this::emptyPage);

    @Test
    void aListingOfVersionsFails() {
        VersionListing versions = new VersionListing(store.connection.s3(), "vault");
        assertThatThrownBy(() -> versions.isEmpty("records/1/"))
                .isInstanceOf(SdkException.class)
                .hasMessageContaining("no end");
        assertThat(pages).hasValueBetween(100, 200);
    }

    @Test
    void aListingOfNamesAndOneOfFoldersFail() {
        VersionListing versions = new VersionListing(store.connection.s3(), "vault");
        assertThatThrownBy(() -> versions.names("")).hasMessageContaining("no end");
        assertThatThrownBy(() -> versions.folders("records/")).hasMessageContaining("no end");
    }

    @Test
    void aListingOfUploadsEndsWhenItDoesNotAdvance() {
        StaleUploads uploads = new StaleUploads(store.connection.s3(), "vault");
        assertThat(uploads.olderThan(Duration.ZERO)).isEmpty();
        assertThat(pages).hasValue(2);
    }

    private void emptyPage(HttpExchange exchange) throws IOException {
        pages.incrementAndGet();
        String root = exchange.getRequestURI().getQuery().contains("uploads")
                ? "ListMultipartUploadsResult"
                : "ListVersionsResult";
        byte[] page = ("<" + root + "><IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker></" + root + ">")
                .getBytes(UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }
}
