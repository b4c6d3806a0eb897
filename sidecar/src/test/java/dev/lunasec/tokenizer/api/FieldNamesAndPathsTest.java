package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of the original send field names in another case, and {@code //path} if their base URL ends in a slash. */
@Tag("embedded")
class FieldNamesAndPathsTest {
    private static final OpenApiDocument DOCUMENT = new OpenApiDocument();

    @TempDir
    static Path folder;

    @AutoClose
    private static TestVault vault;

    private static Api api;
    private static String application;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        api = new Api(vault.url());
        application = vault.issuer.jwt("application", "");
    }

    /** A field that the route did not recognise would count as absent, and the answer would be another one. */
    @ParameterizedTest
    @EnumSource(Route.class)
    void fieldNamesMatchInAnyCaseAndSlashesCountAsOne(Route route) {
        Map<String, JsonNode> examples =
                DOCUMENT.fields(DOCUMENT.operation(route.path).at("/requestBody/content/application~1json/examples"));
        for (JsonNode example : examples.values()) {
            JsonNode body = example.get("value");
            Answer usual = api.post(route.path, application, body.toString());
            Answer upper =
                    api.post("/" + route.path, application, upperCase(body).toString());
            assertThat(upper.status()).as(upper.text()).isEqualTo(usual.status());
            assertThat(upper.error()).isEqualTo(usual.error());
            Answer inside = api.post("//" + route.path.replace("/", "///"), application, body.toString());
            assertThat(inside.status()).isEqualTo(usual.status());
        }
    }

    @Test
    void theOptionalFieldsAreRecognisedInAnyCaseToo() {
        String token = api.post("/tokenize", application, "{\"METADATA\":{\"aB\":1},\"Size\":8}")
                .data()
                .get("tokenId")
                .textValue();
        assertThat(api.post("/metadata/get", application, "{\"TOKENID\":\"" + token + "\"}")
                        .data()
                        .get("metadata"))
                .hasToString("{\"aB\":1}");
        refused(api.post("/tokenize", application, "{\"SIZE\":-1}"), 400, "badRequest");
        String grant = "{\"tokenID\":\"" + token + "\",\"sessionID\":\"s\",";
        refused(api.post("/grant/set", application, grant + "\"CustomDuration\":\"1d\"}"), 400, "badDuration");
        refused(api.post("/grant/set", application, grant + "\"DIRECTION\":\"up\"}"), 400, "badRequest");
        refused(api.post("/grant/set", application, grant + "\"Uses\":0}"), 400, "badRequest");
    }

    @ParameterizedTest
    @EnumSource(PublicRoute.class)
    void slashesCountAsOneForRoutesWithoutCredentialsToo(PublicRoute route) {
        assertThat(api.send(api.request("/" + route.path).GET()).status()).isEqualTo(200);
        Answer posted = api.send(api.request("/" + route.path).POST(BodyPublishers.noBody()));
        refused(posted, 405, "methodNotAllowed");
        assertThat(posted.headers().firstValue("allow")).hasValue("GET, HEAD");
    }

    /** The metadata of a caller keeps its names. */
    private static JsonNode upperCase(JsonNode body) {
        ObjectNode upper = OpenApiDocument.JSON.createObjectNode();
        body.properties().forEach(field -> upper.set(field.getKey().toUpperCase(Locale.ROOT), items(field.getValue())));
        return upper;
    }

    private static JsonNode items(JsonNode value) {
        if (!value.isArray()) return value;
        ArrayNode items = OpenApiDocument.JSON.createArrayNode();
        value.forEach(item -> items.add(item.isObject() ? upperCase(item) : item));
        return items;
    }
}
