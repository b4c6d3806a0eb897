package dev.lunasec.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.operator.controller.EventSources;
import dev.lunasec.testbed.OwnedKind;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What can be seen of the chart without helm. */
@Tag("pure")
class ChartTest {
    private static final Path CHART = Path.of("../helm");
    private static final Pattern VALUE = Pattern.compile("[.]Values((?:[.][A-Za-z]+)+)");

    @Test
    void itBringsTheCrdOfThisCommit() throws IOException {
        assertThat(CHART.resolve("files/tokenizers.lunasec.dev-v1.yml"))
                .as("copy the CRD of crds/ into helm/files")
                .hasSameTextualContentAs(
                        Path.of("../crds/src/main/resources/META-INF/fabric8/tokenizers.lunasec.dev-v1.yml"));
    }

    @Test
    void everyValueOfATemplateIsInTheValuesAndInTheSchema() throws IOException {
        JsonNode values = values();
        JsonNode schema =
                new ObjectMapper().readTree(CHART.resolve("values.schema.json").toFile());
        Set<String> used = used();
        assertThat(used).hasSizeGreaterThan(20);
        for (String value : used) {
            assertThat(values.at(value.replace('.', '/')).isMissingNode())
                    .as("%s in values.yaml", value)
                    .isFalse();
            String top = value.substring(1).split("[.]", 2)[0];
            assertThat(schema.at("/properties/" + top).isMissingNode())
                    .as("%s in values.schema.json", top)
                    .isFalse();
        }
    }

    @Test
    void withoutAValueTheImageOfRedisIsThatOfTheOperatorAndNamesItsRegistry() throws IOException {
        assertThat(values().at("/redis/image").asText())
                .isEqualTo(OperatorSettings.from(Map.of()).runtime().vaults().redisImage())
                .matches("docker[.]io/valkey/valkey:[0-9]+[.][0-9]+");
    }

    @Test
    void theRolesCoverWhatTheOperatorKeeps() throws IOException {
        String rules = Files.readString(CHART.resolve("templates/_helpers.tpl"));
        assertThat(rules)
                .contains(
                        EventSources.DEPLOYMENTS,
                        EventSources.STATEFUL_SETS,
                        EventSources.SECRETS,
                        EventSources.CONFIG_MAPS,
                        EventSources.SERVICES,
                        EventSources.NETWORK_POLICIES,
                        EventSources.POD_DISRUPTION_BUDGETS,
                        EventSources.AUTOSCALERS,
                        "servicemonitors");
    }

    @Test
    void theListOfOwnedKindsIsWhatTheOperatorMayCreate() throws IOException {
        String rules = Files.readString(CHART.resolve("templates/_helpers.tpl"));
        Set<String> creates = Pattern.compile("resources: \\[(\\w+)]\\n  verbs: \\[[^]]*\\bcreate\\b")
                .matcher(rules)
                .results()
                .map(rule -> rule.group(1))
                .filter(resource -> !resource.equals("events"))
                .collect(Collectors.toSet());
        assertThat(OwnedKind.ALL).extracting(OwnedKind::plural).containsExactlyInAnyOrderElementsOf(creates);
    }

    private static JsonNode values() throws IOException {
        return new ObjectMapper()
                .valueToTree(new KubernetesSerialization()
                        .unmarshal(Files.readString(CHART.resolve("values.yaml")), Object.class));
    }

    private static Set<String> used() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CHART.resolve("templates"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher value = VALUE.matcher(Files.readString(file));
                while (value.find()) used.add(value.group(1));
            }
        }
        return used;
    }
}
