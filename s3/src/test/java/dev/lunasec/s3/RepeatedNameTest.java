package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.lunasec.s3.VersionListing.Version;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store that begins a page of versions with those of the last name of the page before, as Ceph RGW 16 does. */
@Tag("embedded")
class RepeatedNameTest {
    private record Stored(String name, String version) {}

    private static final List<Stored> STORED =
            List.of(new Stored("a", "2"), new Stored("a", "1"), new Stored("b", "2"), new Stored("b", "1"));

    private int pageSize = 1000;

    @AutoClose
    private final ScriptedStore store = new ScriptedStore(this::page);

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
        return new VersionListing(store.connection.s3(), "vault")
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
