package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever holds or held a grant is told why it does not allow the call. Others are told nothing about the token. */
@Tag("embedded")
class GrantRefusalTest {
    @TempDir
    static Path folder;

    private static TestVault vault;
    private static Api api;
    private static String maker;
    private static String friend;
    private static String application;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        api = new Api(vault.url());
        maker = vault.issuer.jwt("user", "maker");
        friend = vault.issuer.jwt("user", "friend");
        application = vault.issuer.jwt("application", "");
    }

    @AfterAll
    static void stop() {
        vault.close();
    }

    @Test
    void aStrangerIsToldTheSameOfATokenThatExistsOfOneThatWasErasedAndOfOneThatDoesNot() {
        String erased = token();
        assertThat(api.post("/token/erase", application, Api.of(erased)).status())
                .isEqualTo(200);
        assertThat(api.post("/detokenize", maker, Api.of(erased)).status())
                .as("whoever held a grant")
                .isEqualTo(404);
        List<String> tokens = List.of(Api.unknownToken(), token(), erased);
        assertThat(tokens)
                .allSatisfy(token -> assertThat(refusal(friend, token)).isEqualTo("notGranted"));
        for (String route : List.of("/detokenize", "/metadata/get")) {
            assertThat(tokens.stream()
                            .map(token -> api.post(route, friend, Api.of(token)).text())
                            .distinct())
                    .as(route)
                    .hasSize(1);
        }
    }

    @Test
    void aGrantForHandingInDoesNotAllowReading() {
        String token = token();
        grant(token, "\"direction\":\"store\"");
        assertThat(refusal(friend, token)).isEqualTo("wrongDirection");
        assertThat(valid(token)).isTrue();
    }

    @Test
    void aGrantWhoseUsesAreTakenSaysSoUntilANewOneIsSet() {
        String token = token();
        grant(token, "\"uses\":2");
        for (int i = 0; i < 2; i++) {
            assertThat(api.post("/detokenize", friend, Api.of(token)).status()).isEqualTo(200);
        }
        assertThat(refusal(friend, token)).isEqualTo("usesSpent");
        assertThat(valid(token)).isFalse();
        assertThat(refusal(vault.issuer.jwt("user", "stranger"), token)).isEqualTo("notGranted");
        grant(token, "\"uses\":1");
        assertThat(api.post("/detokenize", friend, Api.of(token)).status()).isEqualTo(200);
    }

    @Test
    void aRevokedGrantSaysSoWhicheverDirectionAndUsesItHad() {
        for (String grant : List.of("\"uses\":1", "\"direction\":\"store\"", "\"direction\":\"both\"")) {
            for (String revoked : List.of("\"tokenId\":\"%s\"", "\"sessionId\":\"friend\"")) {
                String token = token();
                grant(token, grant);
                assertThat(api.post("/grant/revoke", application, "{" + revoked.formatted(token) + "}")
                                .status())
                        .isEqualTo(200);
                assertThat(refusal(friend, token)).as("%s, %s", grant, revoked).isEqualTo("revoked");
                assertThat(valid(token)).isFalse();
            }
        }
    }

    @Test
    void ofOneRevokedGrantNothingIsLeftToTellOf() {
        String token = token();
        grant(token, "\"uses\":1");
        String body = "{\"sessionId\":\"friend\",\"tokenId\":\"" + token + "\"}";
        assertThat(api.post("/grant/revoke", application, body).status()).isEqualTo(200);
        assertThat(refusal(friend, token)).isEqualTo("notGranted");
    }

    @Test
    void anItemOfABatchAndTheAuditLineHaveTheReasonAndOtherFailuresHaveNone() {
        String token = token();
        grant(token, "\"direction\":\"store\"");
        try (EverythingLogged logged = new EverythingLogged()) {
            Answer batch = api.post("/detokenize/batch", friend, "{\"items\":[" + Api.of(token) + "]}");
            assertThat(batch.data().at("/results/0/error/reason").textValue()).isEqualTo("wrongDirection");
            assertThat(logged.text()).contains("\"result\":\"noGrant\",\"reason\":\"wrongDirection\"");
        }
        assertThat(api.post("/detokenize", "nonsense", Api.of(token)).json().path("error"))
                .as("the audit line alone says why credentials are refused")
                .noneMatch(field -> field.textValue().equals("malformed"));
    }

    /** The reason that both calls for reading give. */
    private static String refusal(String caller, String token) {
        Answer answer = api.post("/detokenize", caller, Api.of(token));
        RoutesTest.refused(answer, 403, "noGrant");
        Answer metadata = api.post("/metadata/get", caller, Api.of(token));
        assertThat(metadata.text()).isEqualTo(answer.text());
        return answer.json().at("/error/reason").asText();
    }

    private static String token() {
        return api.post("/tokenize", maker, "{}").data().get("tokenId").textValue();
    }

    private static void grant(String token, String more) {
        String body = "{\"sessionId\":\"friend\",\"tokenId\":\"" + token + "\"," + more + "}";
        assertThat(api.post("/grant/set", application, body).status()).isEqualTo(200);
    }

    private static boolean valid(String token) {
        String body = "{\"sessionId\":\"friend\",\"tokenId\":\"" + token + "\"}";
        return api.post("/grant/verify", application, body).data().get("valid").booleanValue();
    }
}
