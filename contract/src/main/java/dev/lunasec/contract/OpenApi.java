package dev.lunasec.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The HTTP contract of the tokenizer, an OpenAPI 3.1 document. People write {@code openapi.yaml}; {@code openapi.json}
 * is made from it, and a test compares both.
 */
public final class OpenApi {
    private static final byte[] YAML = resource("openapi.yaml");
    private static final byte[] JSON = resource("openapi.json");

    private OpenApi() {}

    /** The document as people write it, in UTF-8. */
    public static byte[] yaml() {
        return YAML.clone();
    }

    /** The same as JSON, in UTF-8. */
    public static byte[] json() {
        return JSON.clone();
    }

    private static byte[] resource(String name) {
        try (InputStream in = OpenApi.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("the program has no resource " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
