package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.OpenApi;
import dev.lunasec.tokenizer.http.Envelope;
import dev.lunasec.tokenizer.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The routes that anyone may GET without credentials. */
enum PublicRoute {
    HEALTH(HttpPaths.HEALTH, "application/json") {
        @Override
        byte[] document(Vault vault) {
            return Envelope.success(new NoAnswer());
        }
    },
    /** Not in the envelope, because its readers are made for JWK Sets. */
    RECEIPT_KEYS(HttpPaths.RECEIPT_KEYS, "application/json") {
        @Override
        byte[] document(Vault vault) {
            return vault.receiptKeys().getBytes(StandardCharsets.UTF_8);
        }
    },
    OPENAPI_YAML(HttpPaths.OPENAPI_YAML, "application/yaml") {
        @Override
        byte[] document(Vault vault) {
            return OpenApi.yaml();
        }
    },
    OPENAPI_JSON(HttpPaths.OPENAPI_JSON, "application/json") {
        @Override
        byte[] document(Vault vault) {
            return OpenApi.json();
        }
    };

    final String path;
    final String contentType;

    PublicRoute(String path, String contentType) {
        this.path = path;
        this.contentType = contentType;
    }

    /** The body of the answer, in UTF-8. */
    abstract byte[] document(Vault vault);

    /** Whether a path is that of one of these routes. */
    static boolean has(String path) {
        return Arrays.stream(values()).anyMatch(route -> route.path.equals(path));
    }
}
