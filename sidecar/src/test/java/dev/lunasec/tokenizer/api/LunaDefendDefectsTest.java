package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.lunasec.contract.CookieNames;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.grant.LoginStates;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.KeyServer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import io.lettuce.core.RedisClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Known defects of LunaDefend, each tried on this server. docs/lunadefend.md lists all of them; those that are not here
 * have their tests elsewhere.
 */
@Tag("embedded")
class LunaDefendDefectsTest {
    private static final byte[] SECRET = "007-12-3456".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path folder;

    @AutoClose
    private static KeyServer plain;

    @AutoClose
    private static KeyServer overTls;

    @AutoClose
    private static KeyServer ofSdk;

    @AutoClose
    private static TestVault vault;

    @AutoClose
    private static S3Connection store;

    private static Api api;
    private static String user;
    private static String application;
    private static RSAKey keyOne;
    private static RSAKey keyTwo;

    @BeforeAll
    static void start() throws Exception {
        keyOne = new RSAKeyGenerator(2048).keyID("one").generate();
        keyTwo = new RSAKeyGenerator(2048).keyID("two").generate();
        plain = new KeyServer(jwks(keyOne));
        ofSdk = new KeyServer(jwks());
        TestAuthority authority = new TestAuthority("internal");
        overTls = new KeyServer(jwks(keyOne, keyTwo), authority);
        Path authorities = Files.createDirectory(folder.resolve("authorities"));
        Files.writeString(authorities.resolve(MountedFiles.issuerCA("trusted")), authority.pem());
        vault = TestVault.in(folder)
                .issuerCAs(authorities)
                .issuers(
                        Issuers.unlimited("rotating", "rotating", plain.url()),
                        Issuers.unlimited("sdk", "sdk", ofSdk.url()),
                        Issuers.withAuthorities(Issuers.unlimited("trusted", "trusted", overTls.url())),
                        Issuers.unlimited("untrusted", "untrusted", overTls.url()))
                .start();
        store = vault.store.connection();
        api = new Api(vault.url());
        user = vault.issuer.jwt("user", "session-1");
        application = vault.issuer.jwt("application", "");
    }

    /** LunaDefend had one key and one set of salts for every token of every deployment. */
    @Test
    void everyTokenHasKeysOfItsOwn() {
        Set<String> before = keys("records/");
        JsonNode one = api.post("/tokenize", user, "{}").data();
        String recordOfOne = added(before, "records/");
        before = keys("records/");
        JsonNode two = api.post("/tokenize", user, "{}").data();
        String recordOfTwo = added(before, "records/");
        assertThat(dataKey(one)).isNotEqualTo(dataKey(two));
        assertThat(path(one)).isNotEqualTo(path(two));

        // A key that fits every record would open the record of one token for the other.
        String record = s3().getObjectAsBytes(
                        get -> get.bucket(VaultBucket.NAME).key(recordOfOne))
                .asUtf8String();
        String renamed = record.replace(id(recordOfOne), id(recordOfTwo));
        s3().putObject(put -> put.bucket(VaultBucket.NAME).key(recordOfTwo), RequestBody.fromString(renamed));
        refused(api.post("/detokenize", user, Api.of(token(two))), 500, "corruptRecord");
        assertThat(api.post("/detokenize", user, Api.of(token(one))).status()).isEqualTo(200);
    }

    /** LunaDefend created a secret for each deployment and never used it. */
    @Test
    void aPodWithAnotherShareOpensNothing() throws Exception {
        String token = api.store(user, SECRET);
        Path share = folder.resolve("keyring").resolve("share-1");
        byte[] ours = Files.readAllBytes(share);
        byte[] others = ours.clone();
        others[0] ^= 1;
        Api withOthers;
        try {
            Files.write(share, others);
            withOthers = new Api(vault.anotherPod());
        } finally {
            Files.write(share, ours);
        }
        refused(withOthers.post("/detokenize", user, Api.of(token)), 500, "corruptRecord");
        assertThat(new Api(vault.anotherPod())
                        .post("/detokenize", user, Api.of(token))
                        .status())
                .isEqualTo(200);
    }

    /** LunaDefend answered {@code /detokenize} with a signed PUT. */
    @Test
    void aDownloadUrlReadsAndCannotOverwrite() {
        String token = api.store(user, SECRET);
        JsonNode read = api.post("/detokenize", user, Api.of(token)).data();
        HttpRequest.Builder overwrite = Api.signed(read, "downloadUrl").PUT(BodyPublishers.ofString("another value"));
        assertThat(Api.sendRefused(overwrite).status()).isEqualTo(403);
        assertThat(Api.sendRefused(Api.signed(read, "downloadUrl").DELETE()).status())
                .isEqualTo(403);
        assertThat(api.download(read).body()).isEqualTo(SECRET);
    }

    /** LunaDefend created its bucket readable by everybody. The operator's tests show the settings of the bucket. */
    @Test
    void theStoreServesNothingWithoutASignature() {
        String token = api.store(user, SECRET);
        JsonNode read = api.post("/detokenize", user, Api.of(token)).data();
        URI signed = URI.create(read.get("downloadUrl").textValue());
        URI bare = signed.resolve(signed.getPath());
        HttpRequest.Builder withKey = HttpRequest.newBuilder(bare);
        read.get("headers").properties().stream()
                .filter(header -> header.getKey().startsWith("x-amz-"))
                .forEach(header ->
                        withKey.header(header.getKey(), header.getValue().textValue()));
        assertThat(api.send(withKey.GET()).status()).isEqualTo(403);
        assertThat(api.send(HttpRequest.newBuilder(bare.resolve("/" + VaultBucket.NAME + "?list-type=2"))
                                .GET())
                        .status())
                .isEqualTo(403);
    }

    /** LunaDefend joined session, token and kind of grant to one text, and kept the session beside the metadata. */
    @Test
    void neitherRedisNorTheBucketHoldsASessionOrAToken() {
        String session = "session-that-nobody-may-find";
        Set<String> before = keys("");
        String token = api.store(vault.issuer.jwt("user", session), SECRET);
        api.post(
                "/grant/set",
                application,
                "{\"sessionId\":\"" + session + "-2\",\"tokenId\":\"" + token + "\",\"uses\":3}");
        StringBuilder kept = new StringBuilder();
        Set<String> after = keys("");
        after.removeAll(before);
        for (String key : after) {
            kept.append(key).append('\n');
            if (key.startsWith("objects/")) continue;
            kept.append(
                    s3().getObjectAsBytes(get -> get.bucket(VaultBucket.NAME).key(key))
                            .asUtf8String());
        }
        try (RedisClient redis = RedisClient.create(vault.redis.url())) {
            var commands = redis.connect().sync();
            for (String key : commands.keys("*")) {
                kept.append(key).append('\n');
                if (commands.type(key).equals("hash"))
                    kept.append(commands.hgetall(key)).append('\n');
            }
        }
        assertThat(after).hasSize(2);
        assertThat(kept.toString())
                .contains("grant:")
                .doesNotContain("session-that-nobody-may-find", token, token.substring(8));
    }

    /** LunaDefend put no border between session and token, so the end of one could begin the other. */
    @Test
    void noOtherBorderBetweenSessionAndTokenNamesTheSameGrant() {
        String token = api.store(user, SECRET);
        String session = "session-2";
        assertThat(api.post("/grant/set", application, pair(session, token)).status())
                .isEqualTo(200);
        Answer verified = api.post("/grant/verify", application, pair(session, token));
        assertThat(verified.data().get("valid").booleanValue()).isTrue();
        String joined = session + token;
        for (int border = 0; border < joined.length(); border++) {
            if (border == session.length()) continue;
            String moved = pair(joined.substring(0, border), joined.substring(border));
            refused(api.post("/grant/verify", application, moved), 400, "malformedToken");
            refused(api.post("/grant/set", application, moved), 400, "malformedToken");
        }
    }

    /** LunaDefend's grants and the states of its logins stayed in its store for ever. */
    @Test
    void grantsAndStatesOfLoginsEnd() {
        String token = api.store(user, SECRET);
        String friend = vault.issuer.jwt("user", "friend");
        String brief = pair("friend", token).replace("}", ",\"customDuration\":\"3s\"}");
        try (RedisClient client = RedisClient.create(vault.redis.url())) {
            var redis = client.connect().sync();
            List<String> before = redis.keys("grant:*");
            assertThat(api.post("/grant/set", application, brief).status()).isEqualTo(200);
            assertThat(api.post("/detokenize", friend, Api.of(token)).status()).isEqualTo(200);
            List<String> grant = redis.keys("grant:*").stream()
                    .filter(key -> !before.contains(key))
                    .toList();
            assertThat(grant).hasSize(1);

            assertThat(endLogin(beginLogin()).status()).isEqualTo(200);
            String state = beginLogin();
            assertThat(redis.pttl("logins")).isBetween(1L, LoginStates.LIFETIME.toMillis());
            String place = state.substring(0, state.indexOf('.'));
            String[] kept = redis.hget("logins", place).split(" ", -1);
            long now = Long.parseLong(redis.time().getFirst()) * 1000;
            assertThat(Long.parseLong(kept[0]) - now)
                    .isBetween(1L, LoginStates.LIFETIME.plusSeconds(1).toMillis());
            // As if the state were as old as a state can be.
            redis.hset("logins", place, now + " " + kept[1]);
            refused(endLogin(state), 400, "invalidState");

            await().atMost(Duration.ofSeconds(30)).until(() -> redis.exists(grant.getFirst()) == 0);
            refused(api.post("/detokenize", friend, Api.of(token)), 403, "noGrant");
        }
    }

    /** LunaDefend fetched the keys of an issuer once, when it started. */
    @Test
    void aNewKeyOfAnIssuerIsAcceptedAtOnceAndTheOldOneNoMore() {
        String ofOld = jwt("rotating", keyOne, "\"kid\":\"one\"");
        assertThat(api.post("/tokenize", ofOld, "{}").status()).isEqualTo(200);
        plain.publish(jwks(keyTwo));
        String ofNew = jwt("rotating", keyTwo, "\"kid\":\"two\"");
        assertThat(api.post("/tokenize", ofNew, "{}").status()).isEqualTo(200);
        refused(api.post("/tokenize", ofOld, "{}"), 401, "unauthenticated");
    }

    /** LunaDefend took the keys of an issuer from any server, whatever its certificate was. */
    @Test
    void theKeysOfAnIssuerComeFromAServerWhoseCertificateIsTrusted() {
        String header = "\"kid\":\"one\"";
        assertThat(api.post("/tokenize", jwt("trusted", keyOne, header), "{}").status())
                .isEqualTo(200);
        refused(api.post("/tokenize", jwt("untrusted", keyOne, header), "{}"), 503, "issuerUnavailable");
    }

    /** LunaDefend used the key {@code lunasec-signing-key}, whatever its setting and the JWT said. */
    @Test
    void theJwtNamesTheKeyThatMustHaveSignedIt() {
        for (RSAKey key : List.of(keyOne, keyTwo)) {
            for (String header : List.of("\"kid\":\"" + key.getKeyID() + "\"", "\"typ\":\"JWT\"")) {
                assertThat(api.post("/tokenize", jwt("trusted", key, header), "{}")
                                .status())
                        .as(header)
                        .isEqualTo(200);
            }
        }
        for (String kid : List.of("two", "lunasec-signing-key")) {
            String other = jwt("trusted", keyOne, "\"kid\":\"" + kid + "\"");
            refused(api.post("/tokenize", other, "{}"), 401, "unauthenticated");
        }
    }

    /** LunaDefend left rows behind for values that never came, and could not delete any. */
    @Test
    void aTokenWithoutItsValueIsErasedLikeAnyOther() {
        Set<String> before = keys("");
        String token = token(api.post("/tokenize", user, "{}").data());
        JsonNode read = api.post("/detokenize", user, Api.of(token)).data();
        assertThat(api.download(read).status()).as("the store has no value").isEqualTo(404);
        assertThat(api.post("/token/erase", application, Api.of(token)).status())
                .isEqualTo(200);
        assertThat(added(before, "")).startsWith("erased/");
        refused(api.post("/detokenize", user, Api.of(token)), 404, "unknownToken");
    }

    /** LunaDefend's command-line tool called {@code /grant/set} for itself, which was always refused. */
    @Test
    void aDeveloperReadsItsOwnTokensAndOthersWithTheGrantOfAnApplication() {
        String developer = vault.issuer.jwt("developer", "cli-tool");
        String own = api.store(developer, SECRET);
        assertThat(api.post("/detokenize", developer, Api.of(own)).status()).isEqualTo(200);
        String other = api.store(user, SECRET);
        String grant = "{\"sessionId\":\"cli-tool\",\"tokenId\":\"" + other + "\"}";
        refused(api.post("/grant/set", developer, grant), 403, "notAllowed");
        refused(api.post("/detokenize", developer, Api.of(other)), 403, "noGrant");
        assertThat(api.post("/grant/set", application, grant).status()).isEqualTo(200);
        assertThat(api.post("/detokenize", developer, Api.of(other)).status()).isEqualTo(200);
    }

    /** LunaDefend read grants with eventual consistency, so one that was just made could be missing. */
    @Test
    void aGrantIsValidOnEveryPodWhenItsAnswerIsThere() {
        Api another = new Api(vault.anotherPod());
        for (int i = 0; i < 20; i++) {
            String token = token(api.post("/tokenize", user, "{}").data());
            assertThat(another.post("/detokenize", user, Api.of(token)).status())
                    .isEqualTo(200);
        }
    }

    /** LunaDefend's {@code host} was that of AWS whatever the endpoint was. */
    @Test
    void theHeaderHostIsTheOneOfTheUrl() {
        JsonNode stored = api.post("/tokenize", user, "{}").data();
        JsonNode read = api.post("/detokenize", user, Api.of(token(stored))).data();
        assertThat(stored.at("/headers/host").textValue())
                .isEqualTo(URI.create(stored.get("uploadUrl").textValue()).getAuthority());
        assertThat(read.at("/headers/host").textValue())
                .isEqualTo(URI.create(read.get("downloadUrl").textValue()).getAuthority());
    }

    /** LunaDefend's region was always us-west-2. */
    @Test
    void theUrlsAreSignedForTheRegionOfTheSettings() throws Exception {
        Path another = Files.createDirectory(folder.resolve("another-region"));
        try (TestVault there = TestVault.in(another).region("eu-central-1").start()) {
            Api itsApi = new Api(there.url());
            String itsUser = there.issuer.jwt("user", "session-1");
            String token = itsApi.store(itsUser, SECRET);
            JsonNode read = itsApi.post("/detokenize", itsUser, Api.of(token)).data();
            assertThat(read.get("downloadUrl").textValue()).contains("%2Feu-central-1%2Fs3%2Faws4_request");
            assertThat(itsApi.download(read).body()).isEqualTo(SECRET);
        }
    }

    /** LunaDefend's frame needed the header Referer, and its styles could be written into the page. */
    @Test
    void theFrameNeedsNoRefererAndRunsNothingButItsOwnFiles() {
        String frame = "/frame?n=0123456789abcdef&component=Paragraph&origin=" + TestVault.PAGE;
        Answer answer = api.send(api.request(frame).GET());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        String policy = answer.headers().firstValue("content-security-policy").orElseThrow();
        assertThat(policy)
                .contains("default-src 'none'", "frame-ancestors " + TestVault.PAGE + ";", "trusted-types 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval", "localhost", "*");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("referrer-policy")).hasValue("no-referrer");
    }

    /**
     * LunaDefend documented a command whose key file the Node of its SDK cannot read, and settings that do not exist.
     */
    @Test
    void theDocumentedKeyOfTheSdkSignsJwts() throws Exception {
        String lines = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/issuers.md")))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining());
        Path printed = folder.resolve("printed");
        Process shell = new ProcessBuilder("bash", "-c", "set -e\n" + lines + "printf %s \"$LUNASEC_SIGNING_KEY\"")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(printed.toFile())
                .start();
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        String pem = new String(Base64.getDecoder().decode(Files.readString(printed)), StandardCharsets.UTF_8);
        assertThat(pem.lines().findFirst()).hasValue("-----BEGIN PRIVATE KEY-----");
        RSAKey key = JWK.parseFromPEMEncodedObjects(pem).toRSAKey();
        ofSdk.publish(jwks(key));
        String jwt = jwt("sdk", key, "\"typ\":\"JWT\"");
        assertThat(api.post("/tokenize", jwt, "{}").status()).isEqualTo(200);
        refused(api.post("/tokenize", jwt("sdk", keyOne, "\"typ\":\"JWT\""), "{}"), 401, "unauthenticated");
    }

    /** LunaDefend's browser client turned such values into numbers, booleans and objects; the store does not. */
    @ParameterizedTest(name = "{index}")
    @ValueSource(strings = {"123456789012345678901234567890", "007", "true", "{\"a\":1}", "\u0000\u00ff\u20ac"})
    void aValueComesBackByteForByteWhateverItLooksLike(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String token = api.store(user, bytes);
        Answer read = api.download(api.post("/detokenize", user, Api.of(token)).data());
        assertThat(read.body()).isEqualTo(bytes);
    }

    private static String jwks(RSAKey... keys) {
        return new JWKSet(Stream.of(keys).<JWK>map(RSAKey::toPublicJWK).toList()).toString();
    }

    /** @param header what the header has beside the algorithm */
    private static String jwt(String issuer, RSAKey key, String header) {
        return JwtIssuer.sign(
                key,
                "{\"alg\":\"RS256\"," + header + "}",
                "{\"iss\":\"" + issuer + "\",\"aud\":\"" + JwtIssuer.AUDIENCE
                        + "\",\"sub\":\"user\",\"session_id\":\"session-1\"}");
    }

    private static String pair(String session, String token) {
        return "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"}";
    }

    /** The state of a login that begins. */
    private static String beginLogin() {
        Answer begun =
                api.send(api.request("/session/ensure?auth_provider=shop").GET());
        return begun.headers().firstValue("location").orElseThrow().replaceFirst(".*state=", "");
    }

    private static Answer endLogin(String state) {
        return api.send(api.request("/session/create?state=" + state + "&openid_token=" + user)
                .header("cookie", CookieNames.STATE + "=" + state)
                .GET());
    }

    private static S3Client s3() {
        return store.s3();
    }

    private static Set<String> keys(String prefix) {
        return s3().listObjectsV2Paginator(list -> list.bucket(VaultBucket.NAME).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .filter(key -> !key.startsWith("canary/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The one key that was added. */
    private static String added(Set<String> before, String prefix) {
        List<String> added =
                keys(prefix).stream().filter(key -> !before.contains(key)).toList();
        assertThat(added).hasSize(1);
        return added.getFirst();
    }

    private static String id(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static String token(JsonNode stored) {
        return stored.get("tokenId").textValue();
    }

    private static String path(JsonNode stored) {
        return URI.create(stored.get("uploadUrl").textValue()).getPath();
    }

    private static String dataKey(JsonNode stored) {
        return stored.at("/headers/x-amz-server-side-encryption-customer-key").textValue();
    }
}
