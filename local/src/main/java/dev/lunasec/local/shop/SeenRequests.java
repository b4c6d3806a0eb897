package dev.lunasec.local.shop;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last requests that the back end got from one browser, and made to the vault because of them. It keeps method,
 * path and fields, with shortened tokens. It keeps no query, no header and no cookie.
 */
final class SeenRequests {
    private static final int MOST = 15;
    private static final int LONGEST = 80;

    /**
     * One request.
     *
     * @param to whom it went to: the shop or the vault
     * @param time when, like 10:42:07
     */
    record Seen(String to, String time, String method, String path, Map<String, String> fields) {}

    private final Deque<Seen> newestFirst = new ArrayDeque<>();

    /** A request of the browser. */
    void byBrowser(String method, String path, Map<String, String> fields) {
        add("shop", method, path, fields);
    }

    /** A request to the vault. */
    void toVault(String path, Map<String, String> fields) {
        add("vault", "POST", path, fields);
    }

    /** The newest one is the first. */
    synchronized List<Seen> newestFirst() {
        return List.copyOf(newestFirst);
    }

    private synchronized void add(String to, String method, String path, Map<String, String> fields) {
        Map<String, String> shown = new LinkedHashMap<>();
        fields.forEach((name, value) -> shown.put(shown(name), shown(value)));
        String time = LocalTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        newestFirst.addFirst(new Seen(to, time, method, shown(path), shown));
        if (newestFirst.size() > MOST) newestFirst.removeLast();
    }

    private static String shown(String text) {
        String shortened = TokenText.shorten(text);
        return shortened.length() <= LONGEST ? shortened : shortened.substring(0, LONGEST) + "\u2026";
    }
}
