package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.s3.VersionListing.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store that begins a page of versions with those of the last name of the page before, as Ceph RGW 16 does. */
@Tag("embedded")
class RepeatedNameTest {
    private record Stored(String name, String version) {}

    private static final List<Stored> STORED =
            List.of(new Stored("a", "2"), new Stored("a", "1"), new Stored("b", "2"), new Stored("b", "1"));

    private int pageSize = 1000;
    private HttpServer store;
    private S3Connection connection;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", this::page);
        store.start();
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        StoreLocation location = new StoreLocation("vault", "us-east-1", endpoint, true);
        connection = new S3Connection(location, new AccessKeys("a", "b"), null);
    }

    @AfterEach
    void stop() {
        connection.close();
        store.stop(0);
    }

    @Test
    void theListingEndsAfterTheLastName() {
        assertThat(names("")).containsExactly("a", "a", "b", "b");
        assertThat(names("a")).containsExactly("b", "b");
        assertThat(names("b")).isEmpty();
    }

    @Test
    void aPageWithTheLastNameAloneIsNotTheEnd() {
        pageSize = 1;
        assertThat(names("a")).containsExactly("b");
        assertThat(names("b")).isEmpty();
    }

    private List<String> names(String after) {
        return new VersionListing(connection.s3(), "vault")
                .page("", after).stream().map(Version::name).toList();
    }

    private void page(HttpExchange exchange) throws IOException {
        Map<String, String> query = Arrays.stream(
                        exchange.getRequestURI().getQuery().split("&", -1))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part.length < 2 ? "" : part[1]));
        String name = query.getOrDefault("key-marker", "");
        String version = query.getOrDefault("version-id-marker", "");
        int from = version.isEmpty()
                ? (int) STORED.stream()
                        .takeWhile(stored -> stored.name.compareTo(name) < 0)
                        .count()
                : STORED.indexOf(new Stored(name, version)) + 1;
        List<Stored> page = STORED.stream().skip(from).limit(pageSize).toList();
        boolean more = from + page.size() < STORED.size();
        String entries = page.stream()
                .map(stored -> "<Version><Key>" + stored.name + "</Key><VersionId>" + stored.version
                        + "</VersionId></Version>")
                .collect(Collectors.joining());
        String next = more
                ? "<NextKeyMarker>" + page.getLast().name + "</NextKeyMarker><NextVersionIdMarker>"
                        + page.getLast().version + "</NextVersionIdMarker>"
                : "";
        byte[] body = ("<ListVersionsResult><IsTruncated>" + more + "</IsTruncated>" + next + entries
                        + "</ListVersionsResult>")
                .getBytes(UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
