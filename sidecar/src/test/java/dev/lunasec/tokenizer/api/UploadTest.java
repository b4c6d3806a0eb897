package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Values that are uploaded in parts, as callers see it. */
@Tag("embedded")
class UploadTest {
    /** The least that stores accept for a part that is not the last one. */
    private static final int SMALLEST = 5 << 20;

    @AutoClose
    private static final EverythingLogged logged = new EverythingLogged();

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static final Api api = vault.api();
    private static final Api another = new Api(vault.anotherPod());
    private static final String user = vault.user();
    private static final String application = vault.application();

    /** What an answer to {@code /upload/start} named. */
    private record Upload(String token, String id) {
        static Upload start(String jwt, String body) {
            Answer started = api.post("/upload/start", jwt, body);
            assertThat(started.status()).as(started.text()).isEqualTo(200);
            return new Upload(
                    started.data().get("tokenId").textValue(),
                    started.data().get("uploadId").textValue());
        }

        Answer parts(String jwt, int first, int count) {
            return api.post("/upload/parts", jwt, body("\"first\":" + first + ",\"count\":" + count));
        }

        /** Sends a part, and returns what names it to {@code /upload/complete}. */
        String send(int number, byte[] content) {
            return sent(number, parts(user, number, 1).data().at("/parts/0"), content);
        }

        Answer complete(String... sent) {
            return another.post("/upload/complete", user, body("\"parts\":[" + String.join(",", sent) + "]"));
        }

        Answer abort() {
            return another.post("/upload/abort", user, body("\"x\":0"));
        }

        String body(String more) {
            return "{\"tokenId\":\"" + token + "\",\"uploadId\":\"" + id + "\"," + more + "}";
        }
    }

    @Test
    void aValueOfAKnownSizeIsReadableWhenItsPartsAreComplete() {
        byte[] value = random((8 << 20) + 5);
        Answer started =
                api.post("/upload/start", user, "{\"size\":" + value.length + ",\"metadata\":{\"kind\":\"film\"}}");
        assertThat(started.data().get("partSize").longValue()).isEqualTo(8 << 20);
        Upload upload = new Upload(
                started.data().get("tokenId").textValue(),
                started.data().get("uploadId").textValue());
        JsonNode parts = upload.parts(user, 1, 2).data().get("parts");
        refused(upload.parts(user, 3, 1), 400, "badRequest");
        HttpRequest.Builder longer = Api.signed(parts.get(1), "uploadUrl").PUT(BodyPublishers.ofByteArray(random(6)));
        assertThat(Api.sendRefused(longer).status()).as("more than was signed").isEqualTo(403);
        String last = sent(2, parts.get(1), Arrays.copyOfRange(value, 8 << 20, value.length));
        refused(upload.complete(last), 409, "uploadIncomplete");
        refused(api.post("/detokenize", user, Api.of(upload.token())), 404, "unknownToken");
        String first = sent(1, parts.get(0), Arrays.copyOf(value, 8 << 20));
        assertThat(upload.complete(first, last).status()).isEqualTo(200);
        assertThat(read(upload)).isEqualTo(value);
        assertThat(api.post("/metadata/get", user, Api.of(upload.token()))
                        .data()
                        .at("/metadata/kind"))
                .hasToString("\"film\"");
        String text = logged.text();
        assertThat(text).contains("\"action\":\"/upload/complete\",\"result\":\"ok\"");
        assertThat(text)
                .doesNotContain(upload.token())
                .doesNotContain(parts.at("/0/headers/x-amz-server-side-encryption-customer-key")
                        .textValue())
                .doesNotContain(parts.at("/0/uploadUrl").textValue());
    }

    @Test
    void aMissingAChangedARepeatedAndAnUnnamedPartAreRefused() {
        Upload upload = Upload.start(user, "{}");
        refused(upload.complete(part(1, "0")), 409, "uploadIncomplete");
        byte[] one = random(SMALLEST);
        String first = upload.send(1, one);
        String old = upload.send(2, random(SMALLEST));
        byte[] two = random(SMALLEST);
        String second = upload.send(2, two);
        String third = upload.send(3, random(7));
        for (List<String> wrong : List.of(
                List.of(first, second),
                List.of(first, third),
                List.of(second, third),
                List.of(first, second, second),
                List.of(first, second, second, third),
                List.of(first, old, third),
                List.of(first, second, third, part(4, "0")))) {
            refused(upload.complete(wrong.toArray(String[]::new)), 409, "uploadIncomplete");
        }
        for (String bad :
                new String[] {part(0, "x"), part(10_001, "x"), "{\"part\":1}", "{\"etag\":\"x\"}", "1", "null"}) {
            refused(upload.complete(bad), 400, "badRequest");
        }
        byte[] three = random(7);
        third = upload.send(3, three);
        assertThat(upload.complete(third, first, second).status())
                .as("in any order")
                .isEqualTo(200);
        assertThat(upload.complete(first, second, third).status())
                .as("again, because the answer may be lost")
                .isEqualTo(200);
        byte[] whole = new byte[2 * SMALLEST + 7];
        System.arraycopy(one, 0, whole, 0, SMALLEST);
        System.arraycopy(two, 0, whole, SMALLEST, SMALLEST);
        System.arraycopy(three, 0, whole, 2 * SMALLEST, 7);
        assertThat(read(upload)).isEqualTo(whole);
    }

    @Test
    void aPartThatIsTooSmallForTheStoreIsNamedAsTheCause() {
        Upload upload = Upload.start(user, "{}");
        Answer refused = upload.complete(upload.send(1, random(9)), upload.send(2, random(9)));
        refused(refused, 409, "uploadIncomplete");
        assertThat(refused.json().at("/error/message").textValue()).contains("at least 5 MiB");
    }

    @Test
    void anAbortedUploadLeavesNothingAndACompleteOneIsNotAborted() {
        List<String> before = everything();
        Upload upload = Upload.start(user, "{\"metadata\":{\"kind\":\"film\"}}");
        String sent = upload.send(1, random(100));
        assertThat(everything()).hasSize(before.size() + 2);
        assertThat(upload.abort().status()).isEqualTo(200);
        assertThat(everything()).isEqualTo(before);
        refused(upload.abort(), 404, "unknownUpload");
        refused(upload.parts(user, 1, 1), 404, "unknownUpload");
        refused(upload.complete(sent), 404, "unknownUpload");
        refused(api.post("/detokenize", user, Api.of(upload.token())), 404, "unknownToken");
        refused(api.post("/token/erase", application, Api.of(upload.token())), 404, "unknownToken");

        byte[] value = random(100);
        Upload complete = Upload.start(user, "{}");
        assertThat(complete.complete(complete.send(1, value)).status()).isEqualTo(200);
        refused(complete.abort(), 404, "unknownUpload");
        assertThat(read(complete)).isEqualTo(value);
    }

    @Test
    void theErasureOfATokenEndsItsUploadForGood() {
        List<String> before = everything();
        Upload upload = Upload.start(user, "{}");
        String sent = upload.send(1, random(100));
        Answer erased = api.post("/token/erase", application, Api.of(upload.token()));
        assertThat(erased.status()).as(erased.text()).isEqualTo(200);
        refused(upload.complete(sent), 404, "unknownToken");
        refused(upload.abort(), 404, "unknownToken");
        List<String> left = everything();
        left.removeAll(before);
        assertThat(left).singleElement().asString().startsWith("erased/");
    }

    @Test
    void whoeverHasAGrantForStoringContinuesAnUploadAndNobodyElse() {
        Upload upload = Upload.start(user, "{}");
        String friend = vault.issuer.jwt("user", "session-2");
        refusedToAll(upload, friend, "notGranted");
        grant(upload, "\"direction\":\"read\"");
        refusedToAll(upload, friend, "wrongDirection");
        grant(upload, "\"direction\":\"store\"");
        String verify = "{\"sessionId\":\"session-2\",\"tokenId\":\"" + upload.token() + "\"}";
        assertThat(api.post("/grant/verify", application, verify).data().get("valid"))
                .hasToString("true");
        assertThat(upload.parts(friend, 1, 100).data().get("parts")).hasSize(100);
        revoke("\"sessionId\":\"session-2\",\"tokenId\":\"" + upload.token() + "\"");
        refusedToAll(upload, friend, "notGranted");
        grant(upload, "\"direction\":\"both\",\"uses\":1");
        assertThat(upload.parts(friend, 1, 1).status()).isEqualTo(200);
        // Reading takes the use, even if there is no value yet.
        refused(api.post("/detokenize", friend, Api.of(upload.token())), 404, "unknownToken");
        refusedToAll(upload, friend, "usesSpent");
        grant(upload, "\"direction\":\"store\"");
        revoke("\"tokenId\":\"" + upload.token() + "\"");
        refusedToAll(upload, friend, "revoked");
    }

    @Test
    void anUploadIdOfAnotherTokenOrAChangedOneIsRefused() {
        Upload upload = Upload.start(user, "{}");
        Upload other = Upload.start(user, "{}");
        String whole = api.post("/tokenize", user, "{}").data().get("tokenId").textValue();
        for (Upload wrong : List.of(
                new Upload(upload.token(), other.id()),
                new Upload(whole, upload.id()),
                new Upload(upload.token(), upload.id() + "x"),
                new Upload(upload.token(), upload.id().substring(33)),
                new Upload(upload.token(), ""))) {
            refused(wrong.parts(user, 1, 1), 404, "unknownUpload");
            refused(wrong.complete(part(1, "x")), 404, "unknownUpload");
            refused(wrong.abort(), 404, "unknownUpload");
        }
        assertThat(upload.abort().status()).isEqualTo(200);
    }

    @Test
    void aRangeOfPartsHasBounds() {
        Upload upload = Upload.start(user, "{}");
        assertThat(upload.parts(user, 9_901, 100).status()).isEqualTo(200);
        for (int[] range : new int[][] {{0, 1}, {1, 0}, {1, 101}, {10_001, 1}, {9_902, 100}}) {
            refused(upload.parts(user, range[0], range[1]), 400, "badRequest");
        }
        refused(api.post("/upload/parts", user, upload.body("\"first\":1")), 400, "badRequest");
        refused(api.post("/upload/start", user, "{\"size\":" + (101L << 20) + "}"), 413, "tooLarge");
    }

    /** Each route that continues an upload refuses the caller for this reason. */
    private static void refusedToAll(Upload upload, String jwt, String reason) {
        for (Answer answer : List.of(
                upload.parts(jwt, 1, 1),
                another.post("/upload/complete", jwt, upload.body("\"parts\":[" + part(1, "x") + "]")),
                another.post("/upload/abort", jwt, upload.body("\"x\":0")))) {
            refused(answer, 403, "noGrant");
            assertThat(answer.json().at("/error/reason").textValue()).isEqualTo(reason);
        }
    }

    private static void grant(Upload upload, String more) {
        String body = "{\"sessionId\":\"session-2\",\"tokenId\":\"" + upload.token() + "\"," + more + "}";
        assertThat(api.post("/grant/set", application, body).status()).isEqualTo(200);
    }

    private static void revoke(String grants) {
        assertThat(api.post("/grant/revoke", application, "{" + grants + "}").status())
                .isEqualTo(200);
    }

    private static Answer put(JsonNode part, byte[] content) {
        return api.send(Api.signed(part, "uploadUrl").PUT(BodyPublishers.ofByteArray(content)));
    }

    private static String sent(int number, JsonNode part, byte[] content) {
        assertThat(part.get("part").intValue()).isEqualTo(number);
        Answer stored = put(part, content);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        return part(number, stored.headers().firstValue("etag").orElseThrow().replace("\"", "\\\""));
    }

    private static String part(int number, String etag) {
        return "{\"part\":" + number + ",\"etag\":\"" + etag + "\"}";
    }

    private static byte[] read(Upload upload) {
        return api.download(
                        api.post("/detokenize", user, Api.of(upload.token())).data())
                .body();
    }

    /** The names of all objects and all uploads of the bucket. */
    private static List<String> everything() {
        try (S3Connection connection = vault.store.connection()) {
            return new ArrayList<>(Stream.concat(
                            connection.s3().listObjectsV2(list -> list.bucket(VaultBucket.NAME)).contents().stream()
                                    .map(S3Object::key),
                            connection
                                    .s3()
                                    .listMultipartUploads(list -> list.bucket(VaultBucket.NAME))
                                    .uploads()
                                    .stream()
                                    .map(MultipartUpload::uploadId))
                    .toList());
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }
}
