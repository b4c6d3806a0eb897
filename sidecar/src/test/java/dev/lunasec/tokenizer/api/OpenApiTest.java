package dev.lunasec.tokenizer.api;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.NoGrantReason;
import dev.lunasec.contract.OpenApi;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The HTTP contract names the routes, fields and error codes of the server, all of them and no others. */
@Tag("pure")
class OpenApiTest {
    private static final OpenApiDocument DOCUMENT = new OpenApiDocument();

    static final List<String> SIMPLE = List.of(HttpPaths.SIMPLE_TOKENIZE, HttpPaths.SIMPLE_DETOKENIZE);

    /** {@code -Dopenapi.update} makes {@code openapi.json} anew. */
    @Test
    void theJsonIsMadeFromTheYaml() throws Exception {
        if (System.getProperty("openapi.update") != null) {
            Path json = Path.of("../contract/src/main/resources/dev/lunasec/contract/openapi.json");
            String text = OpenApiDocument.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(DOCUMENT.root());
            Files.writeString(json, text + "\n", StandardCharsets.UTF_8);
            return;
        }
        assertThat(OpenApiDocument.JSON.readTree(OpenApi.json()))
                .as("run this test with -Dopenapi.update")
                .isEqualTo(DOCUMENT.root());
    }

    @Test
    void theFileHasTheRoutesOfTheServer() {
        Map<String, String> server = new TreeMap<>();
        for (Route route : Route.values()) server.put(route.path, "post");
        for (PublicRoute route : PublicRoute.values()) server.put(route.path, "get");
        SessionRoutes.BY_PATH.keySet().forEach(path -> server.put(path, "get"));
        for (String path : FrameRoutes.PATHS) server.put(path, "get");
        server.put(HttpPaths.SESSION_REDEEM, "post");
        server.put(HttpPaths.SESSION_END, "post");
        for (String path : SIMPLE) server.put(path, "post");
        Map<String, String> file = new TreeMap<>();
        DOCUMENT.fields(DOCUMENT.root().get("paths"))
                .forEach((path, item) ->
                        file.put(path, String.join(" ", DOCUMENT.fields(item).keySet())));
        assertThat(file).isEqualTo(server);
    }

    @Test
    void eachOperationNamesTheActionThatItsCallerNeeds() {
        for (Route route : Route.values()) {
            for (Action action : Action.values()) {
                Caller caller = new Caller(Kind.APPLICATION, "", "", null, "", Set.of(action));
                boolean admitted = catchThrowableOfType(CallFailed.class, () -> route.admit(caller)) == null;
                boolean named = DOCUMENT.operation(route.path)
                        .get("x-action")
                        .textValue()
                        .equals(action.label());
                assertThat(named).as("%s, %s", route, action).isEqualTo(admitted);
            }
        }
    }

    @Test
    void eachSchemaHasTheFieldsOfItsRecord() {
        List<Class<?>> records = records();
        assertThat(records.stream().map(Class::getSimpleName)).containsExactlyElementsOf(DOCUMENT.bodies());
        for (Class<?> type : records) {
            JsonNode schema = DOCUMENT.component("schemas", type.getSimpleName());
            Map<String, String> ofRecord = new TreeMap<>();
            Set<String> required = new TreeSet<>();
            for (RecordComponent component : type.getRecordComponents()) {
                boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                ofRecord.put(component.getName(), jsonType(component.getType()) + (nullable ? " or null" : ""));
                if (!nullable) required.add(component.getName());
            }
            Map<String, String> ofSchema = new TreeMap<>();
            DOCUMENT.fields(schema.path("properties")).forEach((name, field) -> ofSchema.put(name, types(field)));
            assertThat(ofSchema).as(type.getSimpleName()).isEqualTo(ofRecord);
            assertThat(texts(schema.path("required"))).as(type.getSimpleName()).isEqualTo(required);
        }
    }

    @Test
    void everyRequestAndEveryAnswerHasAnExampleAndEachSatisfiesItsSchema() {
        DOCUMENT.fields(DOCUMENT.root().get("paths")).keySet().forEach(path -> {
            JsonNode request = DOCUMENT.operation(path).at("/requestBody/content");
            Stream.concat(
                            Stream.of(request).filter(content -> !content.isMissingNode()),
                            DOCUMENT.responses(path).entrySet().stream()
                                    .filter(response -> !response.getKey().equals("304"))
                                    .map(response -> response.getValue().get("content")))
                    .flatMap(content -> DOCUMENT.fields(content).values().stream())
                    .forEach(body -> {
                        Map<String, JsonNode> examples = DOCUMENT.fields(body.path("examples"));
                        assertThat(examples).as("%s: %s", path, body).isNotEmpty();
                        examples.forEach((name, example) -> assertThat(
                                        DOCUMENT.violations(body.get("schema"), example.get("value")))
                                .as("%s, %s", path, name)
                                .isEmpty());
                    });
        });
    }

    @Test
    void everyErrorCodeHasAnExampleUnderItsName() {
        Set<String> codes =
                Arrays.stream(ErrorCode.values()).map(ErrorCode::code).collect(toCollection(TreeSet::new));
        assertThat(texts(DOCUMENT.component("schemas", "ErrorCode").get("enum")))
                .isEqualTo(codes);
        Map<String, JsonNode> examples = DOCUMENT.components("examples");
        assertThat(examples.keySet()).isEqualTo(codes);
        examples.forEach((code, example) ->
                assertThat(example.at("/value/error/name").textValue()).isEqualTo(code));
    }

    @Test
    void theReasonsOfNoGrantAreThoseOfTheServer() {
        Set<String> words =
                Arrays.stream(NoGrantReason.values()).map(NoGrantReason::word).collect(toCollection(TreeSet::new));
        assertThat(texts(DOCUMENT.component("schemas", "NoGrantReason").get("enum")))
                .isEqualTo(words);
    }

    @Test
    void eachErrorCodeIsUnderItsStatusAndWhatMaySucceedLaterSaysWhen() {
        DOCUMENT.fields(DOCUMENT.root().get("paths"))
                .keySet()
                .forEach(path -> DOCUMENT.responses(path).forEach((status, response) -> {
                    int number = Integer.parseInt(status);
                    if (number < 400) return;
                    for (String code : DOCUMENT.examples(response)) {
                        // The web server has statuses of its own for the request line and the headers.
                        boolean ofServer = number == 414 || number == 431;
                        int own = ofServer && code.equals(ErrorCode.TOO_LARGE.code())
                                ? number
                                : code(code).status();
                        assertThat(own).as("%s, %s", path, code).isEqualTo(number);
                    }
                    assertThat(response.get("headers").has("Retry-After"))
                            .as("%s, %s", path, status)
                            .isEqualTo(ErrorCode.isRetryable(number));
                }));
    }

    private static ErrorCode code(String name) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.code().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Class<?>> records() {
        return ReachableErrors.mainClasses().stream()
                .filter(type -> type.getPackageName().equals(Route.class.getPackageName()))
                .filter(type -> type.isRecord() && type.getSimpleName().matches(".+(Request|Answer)"))
                .sorted(Comparator.comparing(JavaClass::getSimpleName))
                .<Class<?>>map(JavaClass::reflect)
                .toList();
    }

    private static String jsonType(Class<?> type) {
        if (type == String.class) return "string";
        if (type == Long.class) return "integer";
        if (type == boolean.class) return "boolean";
        if (type == List.class) return "array";
        if (Map.class.isAssignableFrom(type) || JsonNode.class.isAssignableFrom(type)) return "object";
        throw new IllegalStateException("which type of JSON is " + type + "?");
    }

    /** The types of a schema, {@code string or null} for example. */
    private static String types(JsonNode schema) {
        if (schema.has("oneOf"))
            return types(schema.get("oneOf").get(0)) + " or "
                    + types(schema.get("oneOf").get(1));
        JsonNode type = DOCUMENT.resolve(schema).get("type");
        return type.isTextual()
                ? type.textValue()
                : type.get(0).textValue() + " or " + type.get(1).textValue();
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
