package dev.lunasec.tokenizer.api;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.lunasec.contract.OpenApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code openapi.yaml} as tests look at it: references are resolved, and schemas validate. */
final class OpenApiDocument {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final SchemaValidatorsConfig WITH_FORMATS =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final JsonNode root = read();

    /** The components for validation: an object may have no field that its schema does not name. */
    private final JsonNode closed = closed(root.get("components"));

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(OpenApi.yaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    /** The components of a kind, {@code schemas} for example, by name. */
    SortedMap<String, JsonNode> components(String kind) {
        return fields(root.at("/components/" + kind));
    }

    /** One of the components of a kind. */
    JsonNode component(String kind, String name) {
        return resolve(root.at("/components/" + kind).required(name));
    }

    /** The only operation of a path. */
    JsonNode operation(String path) {
        return root.get("paths").get(path).elements().next();
    }

    /** The responses of a path by status. */
    SortedMap<String, JsonNode> responses(String path) {
        return fields(operation(path).get("responses"));
    }

    /** The names of the examples of a response: for a failure, its codes. */
    Set<String> examples(JsonNode response) {
        return new TreeSet<>(
                fields(response.at("/content/application~1json/examples")).keySet());
    }

    /** Members by name, with references resolved. */
    SortedMap<String, JsonNode> fields(JsonNode object) {
        SortedMap<String, JsonNode> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties())
            fields.put(field.getKey(), resolve(field.getValue()));
        return fields;
    }

    /** What a node refers to, or the node. */
    JsonNode resolve(JsonNode node) {
        JsonNode reference = node.get("$ref");
        if (reference == null) return node;
        JsonNode target = root.at(reference.textValue().substring(1));
        if (target.isMissingNode()) throw new IllegalStateException("nothing is at " + reference);
        return resolve(target);
    }

    /** Why a value does not satisfy a schema of this document; empty if it does. */
    List<String> violations(JsonNode schema, JsonNode value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", closed);
        return SCHEMAS.getSchema(whole, WITH_FORMATS).validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** The tokenizer ignores fields of a request that it does not know, so requests stay open. */
    private static JsonNode closed(JsonNode components) {
        ObjectNode copy = components.deepCopy();
        for (Map.Entry<String, JsonNode> schema : copy.get("schemas").properties()) {
            if (!schema.getKey().endsWith("Request")) close(schema.getValue());
        }
        return copy;
    }

    private static void close(JsonNode schema) {
        if (schema.has("items")) close(schema.get("items"));
        if (!schema.has("properties")) return;
        ((ObjectNode) schema).put("additionalProperties", false);
        schema.get("properties").forEach(OpenApiDocument::close);
    }

    /** The names of the schemas of requests and answers. */
    Set<String> bodies() {
        return components("schemas").keySet().stream()
                .filter(name -> name.endsWith("Request") || name.endsWith("Answer"))
                .collect(toCollection(TreeSet::new));
    }
}
