package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A new token under a new key for a value that is there: what callers and auditors see of it. */
@Tag("embedded")
class RekeyTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = "/headers/x-amz-server-side-encryption-customer-key";

    @AutoClose
    private static final EverythingLogged logged = new EverythingLogged();

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static final Api api = vault.api();
    private static final String user = vault.user();
    private static final String application = vault.application();

    @Test
    void theNewTokenReadsTheValueUnderAnotherKeyWhateverBecomesOfTheOldOne() {
        Answer stored = api.post("/tokenize", user, "{\"metadata\":{\"kind\":\"card\"}}");
        assertThat(api.upload(stored.data(), SECRET).status()).isEqualTo(200);
        String old = stored.data().get("tokenId").textValue();
        String fresh = rekeyed(old);
        assertThat(fresh).isNotEqualTo(old);
        refused(api.post("/detokenize", user, Api.of(fresh)), 403, "noGrant");
        grant(fresh);
        JsonNode before = api.post("/detokenize", user, Api.of(old)).data();
        assertThat(api.download(before).body()).as("the old one").isEqualTo(SECRET);
        assertThat(api.post("/token/erase", application, Api.of(old)).status()).isEqualTo(200);
        JsonNode after = api.post("/detokenize", user, Api.of(fresh)).data();
        assertThat(api.download(after).body()).isEqualTo(SECRET);
        assertThat(after.at(KEY)).isNotEqualTo(before.at(KEY));
        assertThat(api.post("/metadata/get", user, Api.of(fresh)).data().at("/metadata/kind"))
                .hasToString("\"card\"");
    }

    @Test
    void whatIsNotThereHasNoNewToken() {
        refused(api.post("/token/rekey", application, Api.of(Api.unknownToken())), 404, "unknownToken");
        String empty = api.post("/tokenize", user, "{}").data().get("tokenId").textValue();
        refused(api.post("/token/rekey", application, Api.of(empty)), 404, "unknownToken");
        String erased = api.store(user, SECRET);
        assertThat(api.post("/token/erase", application, Api.of(erased)).status())
                .isEqualTo(200);
        refused(api.post("/token/rekey", application, Api.of(erased)), 404, "unknownToken");
        refused(api.post("/token/rekey", application, "{}"), 400, "badRequest");
    }

    @Test
    void onlyTheApplicationMay() {
        String token = api.store(user, SECRET);
        refused(api.post("/token/rekey", user, Api.of(token)), 403, "notAllowed");
    }

    @Test
    void theAuditLogNamesBothRecordsAndNoLogATokenOrAKey() {
        String old = api.store(user, SECRET);
        String fresh = rekeyed(old);
        grant(fresh);
        JsonNode read = api.post("/detokenize", user, Api.of(fresh)).data();
        assertThat(logged.text())
                .containsPattern("\"action\":\"/token/rekey\",\"result\":\"ok\",\"caller\":\"application\","
                        + "\"subject\":\"shop/application\",\"session\":\"[0-9a-f]{32}\",\"record\":\"[0-9a-f]{32}\","
                        + "\"made\":\"[0-9a-f]{32}\"")
                .doesNotContain(fresh)
                .doesNotContain(fresh.substring(8).replace("-", ""))
                .doesNotContain(read.at(KEY).textValue());
    }

    private static String rekeyed(String token) {
        Answer answer = api.post("/token/rekey", application, Api.of(token));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.data().fieldNames()).toIterable().containsExactly("tokenId");
        return answer.data().get("tokenId").textValue();
    }

    private static void grant(String token) {
        String session = "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}";
        assertThat(api.post("/grant/set", application, session).status()).isEqualTo(200);
    }
}
