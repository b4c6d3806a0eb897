package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The CRD as text: generated from the records, and completed with what annotations cannot express. */
final class CrdFile {
    /** The committed file, at the place in the jar where the tests of the operator SDK read it. */
    static final Path PATH = Path.of("src/main/resources/META-INF/fabric8/tokenizers.lunasec.dev-v1.yml");

    static final String UPDATE = "./mvnw -pl crds -am test -Dcrd.update";

    private CrdFile() {}

    static String generate() {
        ByteArrayOutputStream yaml = new ByteArrayOutputStream();
        new CRDGenerator()
                .customResourceClasses(Tokenizer.class)
                .withMinQuotes(true)
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata definition, String version) {
                        complete((CustomResourceDefinition) definition);
                        return definition;
                    }
                })
                .withOutput(new CRDGenerator.AbstractCRDOutput<>() {
                    @Override
                    protected OutputStream createStreamFor(String crd) {
                        return yaml;
                    }
                })
                .detailedGenerate();
        return yaml.toString(StandardCharsets.UTF_8);
    }

    private static void complete(CustomResourceDefinition crd) {
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
        // The generator sorts columns by their path, but readers need Ready first.
        version.setAdditionalPrinterColumns(List.of(
                column(
                        "Ready",
                        "string",
                        ".status.conditions[?(@.type==\"Ready\")].status",
                        "Whether the vault is ready.",
                        0),
                column("Keys", "integer", ".status.keys.primary", "The number of the share that new records use.", 0),
                column("Bucket", "string", ".spec.storage.bucket", "The name of the bucket.", 0),
                column("Age", "date", ".metadata.creationTimestamp", "When the resource was created.", 0),
                column(
                        "Reason",
                        "string",
                        ".status.conditions[?(@.type==\"Ready\")].reason",
                        "Why the vault is ready or not, in one word.",
                        1)));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription("A vault. Applications store tokens in place of the values,"
                + " and the operator runs everything that the vault needs.");
        // The generator would fill this default with the zeros of Java, which would hide the defaults of the fields.
        property(root, "spec", "keys").setDefault(JsonNodeFactory.instance.objectNode());
        fillDefaults(property(root, "spec"));
        conditions(property(root, "status", "conditions"));
        JSONSchemaProps settings = property(root, "status", "storage", "settings");
        settings.setXKubernetesListType("map");
        settings.setXKubernetesListMapKeys(List.of("name"));
        settings.getItems().getSchema().setRequired(List.of("name", "result"));
        JSONSchemaProps shares = property(root, "status", "keys", "shares");
        shares.setXKubernetesListType("map");
        shares.setXKubernetesListMapKeys(List.of("number"));
        shares.getItems().getSchema().setRequired(List.of("number", "state"));
    }

    /**
     * The API server checks rules on a default before it fills in the defaults of its fields, so each default is
     * complete.
     */
    private static void fillDefaults(JSONSchemaProps schema) {
        for (JSONSchemaProps property : schema.getProperties().values()) {
            if (property.getProperties() == null || property.getProperties().isEmpty()) continue;
            fillDefaults(property);
            if (property.getDefault() instanceof ObjectNode value) property.setDefault(filled(property, value));
        }
    }

    private static ObjectNode filled(JSONSchemaProps schema, ObjectNode given) {
        ObjectNode value = given.deepCopy();
        schema.getProperties().forEach((name, property) -> {
            if (value.get(name) instanceof ObjectNode inner) value.set(name, filled(property, inner));
            else if (!value.has(name) && property.getDefault() != null) value.set(name, property.getDefault());
        });
        return value;
    }

    /** The type metav1.Condition of Kubernetes, with its bounds. */
    private static void conditions(JSONSchemaProps conditions) {
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        JSONSchemaProps condition = conditions.getItems().getSchema();
        condition.setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
        text(condition, "type", "The name of the condition.", 316);
        text(condition, "reason", "The reason for the status, in one word for programs.", 1024);
        text(condition, "message", "The reason for the status, in a sentence that says what to do.", 32768);
        text(condition, "status", "True, False or Unknown, at most 7 characters.", 7);
        JSONSchemaProps since = property(condition, "lastTransitionTime");
        since.setDescription("When the status changed last.");
        since.setFormat("date-time");
        JSONSchemaProps generation = property(condition, "observedGeneration");
        generation.setDescription("The generation of the spec that this condition describes, at least 0.");
        generation.setMinimum(0.0);
    }

    private static void text(JSONSchemaProps parent, String name, String description, long longest) {
        JSONSchemaProps property = property(parent, name);
        property.setDescription(description);
        property.setMaxLength(longest);
    }

    private static JSONSchemaProps property(JSONSchemaProps from, String... path) {
        JSONSchemaProps at = from;
        for (String name : path) at = Objects.requireNonNull(at.getProperties().get(name), name);
        return at;
    }

    private static CustomResourceColumnDefinition column(
            String name, String type, String path, String description, int priority) {
        return new CustomResourceColumnDefinitionBuilder()
                .withName(name)
                .withType(type)
                .withJsonPath(path)
                .withDescription(description)
                .withPriority(priority)
                .build();
    }
}
