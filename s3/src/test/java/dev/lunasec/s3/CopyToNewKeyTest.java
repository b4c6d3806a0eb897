package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.s3.CopyToNewKey.KeyedObject;
import dev.lunasec.s3.CopyToNewKey.Result;
import dev.lunasec.testbed.EmbeddedStore;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Copies from key to key in a real store, with one request and with several. */
@Tag("embedded")
class CopyToNewKeyTest {
    private static final AccessKeys KEYS = new AccessKeys("local-access", "local-secret");
    private static final String BUCKET = "vault";
    private static final int SMALLEST_PART = 5 << 20;

    @AutoClose
    private static final EmbeddedStore store = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());

    @AutoClose
    private static final S3Connection connection =
            new S3Connection(new StoreLocation(BUCKET, "us-east-1", store.endpoint(), true), KEYS, null);

    private static final S3Client s3 = connection.s3();

    @BeforeAll
    static void createBucket() {
        s3.createBucket(create -> create.bucket(BUCKET));
    }

    @Test
    void theCopyOpensWithTheNewKeyAlone() {
        KeyedObject from = keyed("small", 1);
        KeyedObject to = keyed("small-copy", 2);
        byte[] content = put(from, 1000);
        assertThat(new CopyToNewKey(s3, BUCKET).copy(from, to)).isEqualTo(Result.COPIED);
        assertThat(get(to)).isEqualTo(content);
        assertThatThrownBy(() -> get(new KeyedObject(to.name(), from.key()))).isInstanceOf(S3Exception.class);
        assertThat(get(from)).as("it stays as it was").isEqualTo(content);
    }

    @Test
    void whatIsLargeIsCopiedInParts() {
        KeyedObject from = keyed("large", 1);
        KeyedObject to = keyed("large-copy", 2);
        byte[] content = put(from, 2 * SMALLEST_PART + 1);
        assertThat(new CopyToNewKey(s3, BUCKET, SMALLEST_PART).copy(from, to)).isEqualTo(Result.COPIED);
        assertThat(get(to)).isEqualTo(content);
        assertThatThrownBy(() -> get(new KeyedObject(to.name(), from.key()))).isInstanceOf(S3Exception.class);
        assertThat(s3.listMultipartUploads(list -> list.bucket(BUCKET)).uploads())
                .isEmpty();
    }

    @Test
    void whereThereIsNothingNothingIsCopied() {
        assertThat(new CopyToNewKey(s3, BUCKET).copy(keyed("nothing", 1), keyed("nothing-copy", 2)))
                .isEqualTo(Result.ABSENT);
    }

    private static KeyedObject keyed(String name, int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return new KeyedObject(name, new SseCustomerKey(bytes));
    }

    private static byte[] put(KeyedObject object, int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        s3.putObject(
                put -> put.bucket(BUCKET)
                        .key(object.name())
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(object.key().base64())
                        .sseCustomerKeyMD5(object.key().md5()),
                RequestBody.fromBytes(content));
        return content;
    }

    private static byte[] get(KeyedObject object) {
        return s3.getObjectAsBytes(get -> get.bucket(BUCKET)
                        .key(object.name())
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(object.key().base64())
                        .sseCustomerKeyMD5(object.key().md5()))
                .asByteArray();
    }
}
