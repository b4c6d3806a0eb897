package dev.lunasec.local.node;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a pod is on this machine: its address, and the folder behind each path of its container.
 *
 * @param folders by path in the container
 */
public record PodPlace(String address, Map<String, Path> folders) {
    public PodPlace {
        folders = new LinkedHashMap<>(folders);
    }

    /**
     * Replaces each path of the container in a text by its folder on this machine. Longer names that contain a path
     * stay.
     */
    String translate(String text) {
        if (folders.isEmpty()) return text;
        String longestFirst = folders.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return Pattern.compile("(?<![\\w./-])(" + longestFirst + ")(?![\\w.-])")
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(String.valueOf(folders.get(found.group(1)))));
    }
}
