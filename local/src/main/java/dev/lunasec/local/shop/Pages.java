package dev.lunasec.local.shop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages and the files of the shop, from the resources beside this class. */
final class Pages {
    /** The files that browsers load, with their types. */
    static final Map<String, String> FILES = Map.of(
            "shop.css", "text/css",
            "shop.svg", "image/svg+xml",
            "lock.svg", "image/svg+xml",
            "panel.js", "text/javascript",
            "leave.js", "text/javascript",
            "sign-up.js", "text/javascript",
            "profile.js", "text/javascript",
            "support.js", "text/javascript");

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    private final String vaultOrigin;
    private final String layout = new String(read("layout.html"), StandardCharsets.UTF_8);
    private final Map<Page, String> middles = new EnumMap<>(Page.class);
    private final Map<String, byte[]> files = new HashMap<>();

    Pages(String vaultOrigin) {
        this.vaultOrigin = vaultOrigin;
        for (Page page : Page.values()) middles.put(page, new String(read(page.file), StandardCharsets.UTF_8));
        FILES.keySet().forEach(name -> files.put(name, read(name)));
    }

    /**
     * The Content-Security-Policy of every answer: the own files and the vault, and nothing inline. Browsers check
     * connect-src at each redirect of a login, which comes back to the shop.
     */
    String policy() {
        return "default-src 'none'; script-src 'self' " + vaultOrigin + "; style-src 'self'; img-src 'self';"
                + " connect-src 'self' " + vaultOrigin + "; frame-src " + vaultOrigin
                + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    /**
     * A whole page.
     *
     * @param person customer, clerk or nobody
     * @param sentence what went wrong; only {@link Page#PROBLEM} shows it
     */
    String html(Page page, String person, String sentence) {
        String middle = filled(Objects.requireNonNull(middles.get(page)), Map.of("sentence", escaped(sentence)));
        return filled(layout, Map.of("title", page.title, "vault", vaultOrigin, "person", person, "main", middle));
    }

    byte[] file(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    private static String filled(String template, Map<String, String> values) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "")));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static byte[] read(String name) {
        try (InputStream in = Objects.requireNonNull(Pages.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
