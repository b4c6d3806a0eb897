package dev.lunasec.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A store that the ring of the stores tests: the one that the environment names, or each of the stores that the files
 * in the folder {@code S3_STORES} name, with the same variables as lines {@code NAME=value}.
 *
 * @param name for messages, namespaces and buckets
 * @param refusal the reason with which the operator has to refuse the store; empty if a vault has to work on it
 * @param keepsNullMarkers whether the store never deletes a delete marker with the id {@code null}, so that no test
 *     leaves one
 */
record TestedStore(String name, StorePlace place, String refusal, boolean keepsNullMarkers) {
    private static final String FOLDER = "S3_STORES";

    /** The stores on which a vault has to work. */
    static List<TestedStore> usable() {
        return all().stream().filter(store -> store.refusal.isEmpty()).toList();
    }

    /** The stores that the operator has to refuse. */
    static List<TestedStore> refused() {
        return all().stream().filter(store -> !store.refusal.isEmpty()).toList();
    }

    private static List<TestedStore> all() {
        String folder = System.getenv(FOLDER);
        if (folder == null) return List.of(named(System.getenv()));
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.sorted()
                    .map(TestedStore::variables)
                    .map(TestedStore::named)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestedStore named(Map<String, String> variables) {
        StorePlace place = StorePlace.named(variables)
                .orElseThrow(() ->
                        new IllegalStateException("No store is named; set S3_ENDPOINT and the variables beside it, or "
                                + FOLDER + " to a folder with a file for each store."));
        return new TestedStore(
                variables.getOrDefault("S3_STORE", "store"),
                place,
                variables.getOrDefault("S3_REFUSAL", ""),
                Boolean.parseBoolean(variables.getOrDefault("S3_KEEPS_NULL_MARKERS", "false")));
    }

    private static Map<String, String> variables(Path file) {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> variables = new HashMap<>();
        lines.stringPropertyNames().forEach(name -> variables.put(name, lines.getProperty(name)));
        return variables;
    }

    @Override
    public String toString() {
        return name;
    }
}
