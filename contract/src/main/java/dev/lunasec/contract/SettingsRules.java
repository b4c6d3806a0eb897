package dev.lunasec.contract;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TokenizerSettings} demands of its fields. Each throws {@link InvalidSettings} with the name of the field.
 */
final class SettingsRules {
    private SettingsRules() {}

    /** In the order of the enum, so that the same settings give the same text. */
    static <E extends Enum<E>> Set<E> ordered(String name, @Nullable Set<E> values, Class<E> type) {
        if (values == null || values.isEmpty()) {
            throw new InvalidSettings(
                    name + " is empty; write at least one of " + Arrays.toString(type.getEnumConstants()) + ".");
        }
        requireEntries(name, values);
        return Collections.unmodifiableSet(EnumSet.copyOf(values));
    }

    /** Without a list, an empty one. */
    static <T> List<T> list(String name, @Nullable List<T> values) {
        if (values == null) return List.of();
        requireEntries(name, values);
        return List.copyOf(values);
    }

    static void requireEntries(String name, Collection<?> values) {
        if (values.stream().anyMatch(Objects::isNull)) {
            throw new InvalidSettings(name + " has an entry of null; write a value, or remove the entry.");
        }
    }

    static void required(String name, @Nullable String value) {
        if (value == null || value.isBlank()) throw new InvalidSettings(name + " is missing; write a text.");
    }

    static void http(String name, @Nullable URI uri) {
        if (uri == null || isHttp(uri)) return;
        throw new InvalidSettings(
                name + " is not an address; write http:// or https:// and a host, without a user name.");
    }

    static boolean isHttp(URI uri) {
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        return web && uri.getHost() != null && uri.getUserInfo() == null;
    }

    /** An origin as browsers write it: in lower case, without the default port of its scheme, and without a path. */
    static String origin(String name, String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw noOrigin(name);
        }
        http(name, uri);
        if (!text.equals(uri.getScheme() + "://" + uri.getRawAuthority())) throw noOrigin(name);
        int standard = "https".equals(uri.getScheme()) ? 443 : 80;
        String port = uri.getPort() == -1 || uri.getPort() == standard ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
    }

    private static InvalidSettings noOrigin(String name) {
        return new InvalidSettings(name + " is not an origin; write http:// or https:// and a host, without a path.");
    }

    static void between(String name, @Nullable Duration value, Duration least, Duration most) {
        if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidSettings(name + " is " + (value == null ? "missing" : GoDuration.format(value))
                    + "; write a duration from " + GoDuration.format(least) + " to " + GoDuration.format(most) + ".");
        }
    }
}
