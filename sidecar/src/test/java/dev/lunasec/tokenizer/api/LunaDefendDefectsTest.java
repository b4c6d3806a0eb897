package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import io.lettuce.core.RedisClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    private static TestVault vault;

    @AutoClose
    private static S3Connection store;

    private static Api api;
    private static String user;
    private static String application;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
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
        assertThat(api.send(overwrite).status()).isEqualTo(403);
        assertThat(api.send(Api.signed(read, "downloadUrl").DELETE()).status()).isEqualTo(403);
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

    /** LunaDefend's browser client turned such values into numbers, booleans and objects; the store does not. */
    @ParameterizedTest(name = "{index}")
    @ValueSource(strings = {"123456789012345678901234567890", "007", "true", "{\"a\":1}", "\u0000\u00ff\u20ac"})
    void aValueComesBackByteForByteWhateverItLooksLike(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String token = api.store(user, bytes);
        Answer read = api.download(api.post("/detokenize", user, Api.of(token)).data());
        assertThat(read.body()).isEqualTo(bytes);
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
