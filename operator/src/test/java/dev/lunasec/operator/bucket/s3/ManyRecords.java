package dev.lunasec.operator.bucket.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.lunasec.contract.BucketLayout;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers the listings of records as a store does that has many of them, without the records. The first record of each
 * share has to be in the store, which then lists the folder of the share.
 *
 * @param records of each share
 */
public record ManyRecords(int records) implements Store.Fault {
    @Override
    public Store.@Nullable Answer of(String method, String path, @Nullable String query, HttpExchange exchange) {
        if (!method.equals("GET") || query == null) return null;
        Map<String, String> asked = Arrays.stream(query.split("&"))
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0],
                        pair -> pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                        (one, other) -> one));
        String prefix = asked.getOrDefault("prefix", "");
        if (!prefix.matches(BucketLayout.RECORDS + "[0-9]+/") || asked.containsKey("delimiter")) return null;
        int most = Math.min(1000, Integer.parseInt(asked.getOrDefault("max-keys", "1000")));
        if (asked.containsKey("versions")) return versions(prefix, asked.get("key-marker"), most);
        if (asked.containsKey("list-type")) return objects(prefix, asked.get("continuation-token"), most);
        return null;
    }

    private Store.Answer objects(String prefix, @Nullable String token, int most) {
        int from = token == null ? 0 : Integer.parseInt(token);
        int to = Math.min(records, from + most);
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>" + (to < records) + "</IsTruncated>");
        if (to < records) xml.append("<NextContinuationToken>" + to + "</NextContinuationToken>");
        for (int i = from; i < to; i++) xml.append("<Contents><Key>" + name(prefix, i) + "</Key></Contents>");
        return new Store.Answer(200, xml + "</ListBucketResult>");
    }

    private Store.Answer versions(String prefix, @Nullable String marker, int most) {
        int from = marker == null || marker.isEmpty()
                ? 0
                : Integer.parseInt(Objects.requireNonNull(marker).substring(prefix.length()), 16) + 1;
        int to = Math.min(records, from + most);
        StringBuilder xml = new StringBuilder("<ListVersionsResult><IsTruncated>" + (to < records) + "</IsTruncated>");
        if (to < records) xml.append("<NextKeyMarker>" + name(prefix, to - 1) + "</NextKeyMarker>");
        for (int i = from; i < to; i++)
            xml.append("<Version><Key>" + name(prefix, i)
                    + "</Key><VersionId>null</VersionId><IsLatest>true</IsLatest></Version>");
        return new Store.Answer(200, xml + "</ListVersionsResult>");
    }

    private static String name(String prefix, int number) {
        return prefix + "%032x".formatted(number);
    }
}
