package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The body of the routes that take a batch.
 *
 * @param items bodies of the single route, 1 to 100
 */
record BatchRequest(List<JsonNode> items) {
    private static final int MOST = 100;

    BatchRequest {
        if (items == null || items.isEmpty() || items.size() > MOST) {
            throw RequestJson.bad("The field items must hold 1 to 100 bodies of the route for one of them.");
        }
    }
}
