package dev.lunasec.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The documentation names only fields that the resource has, under their names. */
@Tag("pure")
class DocumentedFieldsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A path of fields in backticks, like {@code spec.auth.issuers[].name}. */
    private static final Pattern NAMED = Pattern.compile("`(spec\\.)?([a-z]\\w*(?:\\[])?(?:\\.[a-z]\\w*(?:\\[])?)*)`");

    /** Values of the operator's chart, which has a section of the same name. */
    private static final Set<String> OF_CHART = Set.of("networkPolicy.egressPorts");

    private final JSONSchemaProps spec = Objects.requireNonNull(new KubernetesSerialization()
            .unmarshal(CrdFile.generate(), CustomResourceDefinition.class)
            .getSpec()
            .getVersions()
            .get(0)
            .getSchema()
            .getOpenAPIV3Schema()
            .getProperties()
            .get("spec"));

    @Test
    void everyFieldThatAPageNamesExists() throws IOException {
        int fields = 0;
        Set<String> missing = new TreeSet<>();
        for (Path page : pages()) {
            for (MatchResult named :
                    NAMED.matcher(Files.readString(page)).results().toList()) {
                String[] path = named.group(2).replace("[]", "").split("\\.", -1);
                boolean ofSpec = named.group(1) != null || (path.length > 1 && has(path[0]));
                if (!ofSpec || OF_CHART.contains(named.group(2))) continue;
                fields++;
                if (!has(path)) missing.add(page.getFileName() + ": " + named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(fields).isGreaterThan(50);
    }

    @Test
    void aFieldThatDoesNotExistIsFound() {
        assertThat(has("auth", "issuers", "jwksUrl")).isTrue();
        assertThat(has("auth", "issuers", "jwksURL")).isFalse();
    }

    private boolean has(String... path) {
        JSONSchemaProps at = spec;
        for (String name : path) {
            JSONSchemaProps next = fields(at).getProperties().get(name);
            if (next == null) return false;
            at = next;
        }
        return true;
    }

    /** The schema that has the fields: of a list, the one of its entries. */
    private static JSONSchemaProps fields(JSONSchemaProps schema) {
        return schema.getItems() == null ? schema : schema.getItems().getSchema();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }
}
