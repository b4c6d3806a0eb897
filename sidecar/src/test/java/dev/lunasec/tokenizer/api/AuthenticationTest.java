package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is let in, who is not, and what the log says of either. */
@Tag("embedded")
class AuthenticationTest {
    @TempDir
    static Path folder;

    private static TestVault vault;
    private static Api api;
    /** All that the whole process logs at the most talkative level, from the start of the vault on. */
    private static EverythingLogged logged;

    @BeforeAll
    static void start() {
        logged = new EverythingLogged();
        vault = new TestVault(folder);
        api = new Api(vault.url());
    }

    @AfterAll
    static void stop() {
        vault.close();
        logged.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCredentials")
    void aJwtThatDoesNotHoldIsRefused(String what, String jwt) {
        refused(api.post("/tokenize", jwt, "{}"), 401, "unauthenticated");
        if (jwt.length() > 20) assertThat(log()).doesNotContain(jwt);
    }

    static Stream<Arguments> badCredentials() throws Exception {
        Instant now = Instant.now();
        JsonNode published =
                new ObjectMapper().readTree(vault.issuer.key().toPublicJWK().toJSONString());
        RSAKey stranger = new RSAKeyGenerator(2048).generate();
        String good = good();
        return Stream.of(
                bad("empty", ""),
                bad("no JWT", "nonsense"),
                bad("three parts that are no JWT", "a.b.c"),
                bad("Basic", "Basic dXNlcjpwYXNz"),
                bad("changed signature", good.substring(0, good.length() - 4) + "AAAA"),
                bad("alg none", withAlg("none", "")),
                bad("alg None with a signature", withAlg("None", good.substring(good.lastIndexOf('.') + 1))),
                bad("key of a stranger", signedWith(new JWSHeader(JWSAlgorithm.RS256), stranger)),
                bad(
                        "key of a stranger under the kid of the issuer",
                        signedWith(ofKey("lunasec-signing-key"), stranger)),
                bad(
                        "key of a stranger in the header as jwk",
                        signedWith(
                                new JWSHeader.Builder(JWSAlgorithm.RS256)
                                        .jwk(stranger.toPublicJWK())
                                        .build(),
                                stranger)),
                bad("another type of JWT", signedWith(ofType("logout+jwt"), vault.issuer.key())),
                bad(
                        "HS256 with the public key in DER as the secret",
                        hs256(vault.issuer.key().toRSAPublicKey().getEncoded())),
                bad(
                        "HS256 with the modulus as the secret",
                        hs256(published.get("n").textValue().getBytes(StandardCharsets.UTF_8))),
                bad("expired", jwt(claims -> claims.expirationTime(Date.from(now.minusSeconds(120))))),
                bad("missing exp", jwt(claims -> claims.expirationTime(null))),
                bad("not valid yet", jwt(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(120))))),
                bad("another iss", jwt(claims -> claims.issuer("somebody-else"))),
                bad("missing iss", jwt(claims -> claims.issuer(null))),
                bad("another aud", jwt(claims -> claims.audience("another-service"))),
                bad("missing aud", jwt(claims -> claims.audience((String) null))),
                bad("sub admin", jwt(claims -> claims.subject("admin"))),
                bad("sub in another case", jwt(claims -> claims.subject("User"))),
                bad("missing sub", jwt(claims -> claims.subject(null))),
                bad("missing session", jwt(claims -> claims.claim("session_id", null))),
                bad("session of 513 characters", jwt(claims -> claims.claim("session_id", "x".repeat(513)))),
                bad("session that is a number", jwt(claims -> claims.claim("session_id", 7))),
                bad("JWT of over 8 KiB", jwt(claims -> claims.claim("more", "x".repeat(9_000)))));
    }

    private static Arguments bad(String what, String jwt) {
        return Arguments.of(what, jwt);
    }

    @Test
    void credentialsAreRequiredAndAJwtMayComeRawOrAfterBearer() throws Exception {
        refused(
                api.send(api.request("/tokenize")
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString("{}"))),
                401,
                "unauthenticated");
        for (String jwt : List.of(
                good(), "Bearer " + good(), "bearer " + good(), signedWith(ofType("JWT"), vault.issuer.key()))) {
            assertThat(api.post("/tokenize", jwt, "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatBeganWithOneSessionDoesNotGoOnWithAnother() {
        Answer first = api.post("/tokenize", good(), "{}");
        String lock = first.headers().firstValue("lunasec-session-hash").orElseThrow();
        // What sha1sum prints for session-1, as the original's clients know it.
        assertThat(lock).isEqualTo("96c71081c21826a93aad95a48dad46723ef67a06");
        Answer same = locked(good(), lock);
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.headers().firstValue("lunasec-session-hash")).isEmpty();
        refused(locked(vault.issuer.jwt("user", "session-2"), lock), 401, "sessionMismatch");
    }

    @Test
    void noSecretIsEverLogged() throws Exception {
        String session = "session-that-nobody-may-read";
        String jwt = vault.issuer.jwt("user", session);
        String application = vault.issuer.jwt("application", "");
        Answer stored = api.post("/tokenize", jwt, "{\"metadata\":{\"dataType\":\"passport-scan\"},\"size\":6}");
        String token = stored.data().get("tokenId").textValue();
        api.upload(stored.data(), "SECRET".getBytes(StandardCharsets.UTF_8));
        Answer read = api.post("/detokenize", jwt, Api.of(token));
        api.download(read.data());
        api.post("/metadata/get", jwt, Api.of(token));
        for (String route : List.of("/grant/set", "/grant/verify", "/grant/revoke"))
            api.post(route, application, "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"}");
        refused(api.post("/detokenize", vault.issuer.jwt("user", "stranger"), Api.of(token)), 403, "noGrant");
        refused(api.post("/detokenize", jwt, "{\"tokenId\":\"" + token + "\""), 400, "badRequest");
        refused(api.post("/detokenize", jwt, Api.of(token + "x")), 400, "malformedToken");
        refused(api.post("/detokenize", jwt + "x", Api.of(token)), 401, "unauthenticated");

        String log = log();
        // The audit log names the record, also of calls that were refused.
        assertThat(log)
                .containsPattern("\"action\":\"/detokenize\",\"result\":\"ok\",\"caller\":\"user\"[^}]*"
                        + "\"record\":\"[0-9a-f]{32}\"");
        assertThat(log)
                .containsPattern("\"result\":\"noGrant\",\"reason\":\"notGranted\",\"caller\":\"user\"[^}]*"
                        + "\"record\":\"[0-9a-f]{32}\"");
        // It tells two sessions of one issuer apart, and names the one that a grant is for as that one names itself.
        Matcher reader = Pattern.compile("\"/detokenize\",\"result\":\"ok\"[^}]*\"session\":\"([0-9a-f]{32})\"")
                .matcher(log);
        assertThat(reader.find()).isTrue();
        assertThat(log)
                .containsPattern("\"/grant/set\",\"result\":\"ok\"[^}]*\"session\":\"(?!" + reader.group(1)
                        + ")[0-9a-f]{32}\",\"grantee\":\"" + reader.group(1) + "\",\"record\"");
        assertThat(log)
                .containsPattern("\"/grant/verify\",\"result\":\"ok\"[^}]*\"grantee\":\"" + reader.group(1) + "\"");
        assertThat(log).containsPattern("\"noGrant\"[^}]*\"session\":\"(?!" + reader.group(1) + ")[0-9a-f]{32}\"");
        List<String> secrets = new ArrayList<>(List.of(
                token,
                token.substring(8),
                token.substring(8).replace("-", ""),
                jwt,
                jwt.substring(jwt.lastIndexOf('.') + 1),
                application,
                session,
                "passport-scan",
                "SECRET",
                "X-Amz-Signature",
                vault.redis.url(),
                VaultBucket.KEYS.secretAccessKey()));
        for (String header : List.of("customer-key", "customer-key-md5")) {
            secrets.add(stored.data()
                    .at("/headers/x-amz-server-side-encryption-" + header)
                    .textValue());
        }
        for (String file : List.of("lookup", "share-1")) {
            byte[] key = Files.readAllBytes(folder.resolve("keyring").resolve(file));
            secrets.add(Base64.getEncoder().encodeToString(key));
            secrets.add(HexFormat.of().formatHex(key));
        }
        secrets.add(HexFormat.of()
                .formatHex(Base64.getDecoder()
                        .decode(stored.data()
                                .at("/headers/x-amz-server-side-encryption-customer-key")
                                .textValue())));
        assertThat(log.length()).as("the log was really read").isGreaterThan(2_000);
        for (String secret : secrets) assertThat(log).doesNotContain(secret);
        Api management = new Api(vault.management());
        assertThat(management.send(management.request("/metrics").GET()).text())
                .contains("tokenizer_requests")
                .doesNotContain(secrets.toArray(String[]::new));
    }

    @Test
    void theAuditLogSaysWhyCredentialsWereRefused() {
        Date past = Date.from(Instant.now().minusSeconds(120));
        api.post("/tokenize", jwt(claims -> claims.expirationTime(past)), "{}");
        api.post("/tokenize", jwt(claims -> claims.claim("session_id", null)), "{}");
        api.post("/tokenize", "nonsense", "{}");
        for (String reason : List.of("expired", "noSession", "malformed")) {
            assertThat(log()).contains("\"result\":\"unauthenticated\",\"reason\":\"" + reason + "\"}");
        }
    }

    @Test
    void aPathIsNotLogged() {
        for (String before : List.of("/", "//", "/health//", "//%2e%2e/", "/;/"))
            api.post(before + "lunasec-in-a-path", good(), "{}");
        assertThat(log()).doesNotContain("lunasec-in-a-path");
    }

    private static Answer locked(String jwt, String lock) {
        return api.send(api.request("/tokenize")
                .header("authorization", jwt)
                .header("content-type", "application/json")
                .header("lunasec-session-hash", lock)
                .POST(BodyPublishers.ofString("{}")));
    }

    private static String good() {
        return vault.issuer.jwt("user", "session-1");
    }

    private static String jwt(UnaryOperator<JWTClaimsSet.Builder> change) {
        return vault.issuer.jwt("user", "session-1", change);
    }

    private static String withAlg(String alg, String signature) {
        String header = "{\"alg\":\"" + alg + "\"}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + good().split("\\.", -1)[1] + "." + signature;
    }

    private static JWSHeader ofKey(String kid) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
    }

    private static JWSHeader ofType(String type) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType(type))
                .build();
    }

    private static String signedWith(JWSHeader header, RSAKey key) throws JOSEException, ParseException {
        SignedJWT jwt = new SignedJWT(header, SignedJWT.parse(good()).getJWTClaimsSet());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    /** The attack on verifiers that take the algorithm from the token: the public key as the secret. */
    private static String hs256(byte[] publicKey) throws JOSEException, ParseException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256), SignedJWT.parse(good()).getJWTClaimsSet());
        jwt.sign(new MACSigner(publicKey));
        return jwt.serialize();
    }

    private static String log() {
        return logged.text();
    }
}
