package dev.lunasec.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each field of the CRD has a description that names its default, its bounds and its allowed values, because
 * {@code kubectl explain} prints only the description. The required wording is fixed, so that readers find the same
 * words at each field.
 *
 * <p>Two kinds of maximum lengths need no words. Lengths over {@value #LONG_TEXT} characters are limits of Kubernetes
 * on names, and limits on URLs and claims, which no sensible value reaches. The length of a duration only protects CEL
 * from an overflow; the description names the range of the duration instead.
 */
@Tag("pure")
class CrdDescriptionsTest {
    private static final int LONG_TEXT = 200;
    private static final String RANGE = "from \\S+ to \\S+";

    private final List<String> missing = new ArrayList<>();
    private CustomResourceDefinitionVersion version = new CustomResourceDefinitionVersion();

    @BeforeEach
    void generate() {
        CustomResourceDefinition crd =
                new KubernetesSerialization().unmarshal(CrdFile.generate(), CustomResourceDefinition.class);
        version = crd.getSpec().getVersions().get(0);
    }

    @Test
    void eachFieldIsDescribedWithItsDefaultAndItsBounds() {
        fields("", version.getSchema().getOpenAPIV3Schema());
        assertThat(missing).isEmpty();
    }

    @Test
    void eachColumnIsDescribed() {
        assertThat(version.getAdditionalPrinterColumns())
                .extracting(column -> column.getName() + " " + column.getPriority())
                .containsExactly("Ready 0", "Keys 0", "Bucket 0", "Age 0", "Reason 1");
        assertThat(version.getAdditionalPrinterColumns())
                .extracting(CustomResourceColumnDefinition::getDescription)
                .allSatisfy(description -> assertThat(description).endsWith("."));
    }

    @Test
    void aDescriptionWithoutTheBoundsIsFound() {
        JSONSchemaProps field = new JSONSchemaProps();
        field.setType("integer");
        field.setDescription("The number of pods.");
        field.setMinimum(1.0);
        field.setMaximum(16.0);
        JSONSchemaProps root = new JSONSchemaProps();
        root.setProperties(Map.of("pods", field));
        fields("", root);
        assertThat(missing).containsExactly(".pods: the description has no \"from 1 to 16\"");
    }

    private void fields(String path, JSONSchemaProps parent) {
        parent.getProperties().forEach((name, field) -> {
            String at = path + "." + name;
            described(at, field);
            defaults(at, field);
            bounds(at, field);
            fields(at, field);
            if (field.getItems() != null) fields(at + "[]", field.getItems().getSchema());
        });
    }

    private void described(String path, JSONSchemaProps field) {
        require(path, field, "[A-Z].*[.]", "one or more sentences");
    }

    private void defaults(String path, JSONSchemaProps field) {
        JsonNode value = field.getDefault();
        if (value == null) return;
        if (value.isValueNode()) {
            names(path, field, "Default " + value.asText());
        } else if (value.isEmpty()) {
            // The fields of an empty object have defaults of their own.
            if (field.getProperties().isEmpty()) names(path, field, "Default empty");
        } else {
            leaves(value, field).forEach(leaf -> require(path, field, ".*Default.*\\b" + leaf + "\\b.*", leaf));
        }
    }

    /** The values of a default that is a list or an object, without those that are defaults of the object's fields. */
    private static List<String> leaves(JsonNode value, JSONSchemaProps schema) {
        if (value.isValueNode()) return List.of(value.asText());
        List<String> leaves = new ArrayList<>();
        if (value.isArray()) value.forEach(entry -> leaves.addAll(leaves(entry, new JSONSchemaProps())));
        value.properties().forEach(entry -> {
            JSONSchemaProps field = schema.getProperties().getOrDefault(entry.getKey(), new JSONSchemaProps());
            if (!entry.getValue().equals(field.getDefault())) leaves.addAll(leaves(entry.getValue(), field));
        });
        return leaves;
    }

    private void bounds(String path, JSONSchemaProps field) {
        Double least = field.getMinimum();
        Double most = field.getMaximum();
        if (least != null && most != null) {
            names(path, field, "from " + least.longValue() + " to " + most.longValue());
        } else if (least != null) {
            names(path, field, "at least " + least.longValue());
        } else if (most != null) {
            names(path, field, "at most " + most.longValue());
        }
        boolean duration = field.getMaxLength() != null && field.getMaxLength() == Rules.DURATION_LENGTH;
        boolean quantity = Boolean.TRUE.equals(field.getXKubernetesIntOrString());
        if (duration || quantity) {
            require(path, field, ".*" + RANGE + ".*", "from … to …");
        } else if (field.getMaxLength() != null && field.getMaxLength() <= LONG_TEXT) {
            names(path, field, "at most " + field.getMaxLength() + " characters");
        }
        if (field.getMaxItems() != null) names(path, field, "at most " + field.getMaxItems() + " entries");
        allowed(path, field, field);
        if (field.getItems() != null) allowed(path, field, field.getItems().getSchema());
    }

    private void allowed(String path, JSONSchemaProps described, JSONSchemaProps values) {
        if (values.getEnum() == null) return;
        values.getEnum().forEach(value -> names(path, described, value.asText()));
    }

    private void names(String path, JSONSchemaProps field, String words) {
        require(path, field, "(.*\\W)?\\Q" + words + "\\E(\\W.*)?", words);
    }

    private void require(String path, JSONSchemaProps field, String pattern, String words) {
        String description = field.getDescription() == null ? "" : field.getDescription();
        if (!description.matches("(?s)" + pattern)) {
            missing.add(path + ": the description has no \"" + words + "\"");
        }
    }
}
