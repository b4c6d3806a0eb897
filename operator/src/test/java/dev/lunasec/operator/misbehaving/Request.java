package dev.lunasec.operator.misbehaving;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of the operator.
 *
 * @param target path and query
 * @param at when it came, of {@link System#nanoTime()}
 */
record Request(String method, String target, String body, long at) {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Pattern NAMESPACED =
            Pattern.compile("/namespaces/[^/?]+/(?<resource>[^/?]+)(/(?<name>[^/?]+))?(/(?<sub>[^/?]+))?(\\?.*)?$");
    private static final Pattern NAME_IN_BODY = Pattern.compile("\"(?:generateName|name)\":\"([^\"]+)\"");
    private static final Pattern REASON = Pattern.compile("\"reason\":\"([^\"]+)\"");

    boolean isWrite() {
        return !READS.contains(method);
    }

    boolean isWatch() {
        return target.contains("watch=true");
    }

    boolean isList() {
        return method.equals("GET")
                && !isWatch()
                && name().isEmpty()
                && !resource().isEmpty();
    }

    boolean isStatusPatch() {
        return method.equals("PATCH") && part("sub").equals("status");
    }

    /** What a list or a watch is of: the same words for both. */
    String objects() {
        return target.replaceFirst("\\?.*", "") + (target.contains("labelSelector=") ? " of the operator" : "");
    }

    /** The plural of the resource's kind, empty for a path that is of no namespace. */
    String resource() {
        return part("resource");
    }

    /** The name of the object in the path, or in the body of a POST; empty for a list. */
    String name() {
        if (!method.equals("POST")) return part("name");
        Matcher name = NAME_IN_BODY.matcher(body.substring(Math.max(0, body.indexOf("\"metadata\""))));
        return name.find() ? name.group(1) : "";
    }

    /** What it writes, without the name of the vault: the same words for the same write of another vault. */
    String write(String vault) {
        String write = method + " " + resource() + " " + name().replace(vault, "vault");
        if (!part("sub").isEmpty()) write += "/" + part("sub");
        if (resource().equals("events")) {
            Matcher reason = REASON.matcher(body);
            if (reason.find()) write += " " + reason.group(1);
        }
        return write;
    }

    private String part(String group) {
        Matcher path = NAMESPACED.matcher(target);
        if (!path.find()) return "";
        String found = path.group(group);
        return found == null ? "" : found;
    }
}
