package dev.lunasec.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Uploads in parts against a real tokenizer, store and Redis. */
@Tag("embedded")
class UploadsTest {
    private static final ObjectNode NOTHING = new ObjectMapper().createObjectNode();
    private static final int PART = 8 << 20;

    @TempDir
    static Path folder;

    private static TestVault vault;
    private static TokenizerClient client;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        client = TokenizerClient.builder(vault.url())
                .bearer(() -> vault.issuer.jwt("user", "session-1"))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        vault.close();
    }

    @Test
    void aFileAndStreamsOfKnownAndUnknownSizeAreReadBack(@TempDir Path files) throws IOException {
        byte[] content = random(PART + 1);
        ObjectNode metadata = new ObjectMapper().createObjectNode().put("kind", "film");
        String token = client.uploads().store(Value.of(Files.write(files.resolve("film"), content)), metadata);
        assertThat(client.detokenize(token)).isEqualTo(content);
        assertThat(client.metadata(token)).isEqualTo(metadata);
        for (int size : new int[] {0, 9, PART}) {
            byte[] value = random(size);
            ClosedStream unknown = new ClosedStream(value);
            assertThat(read(client.uploads().store(unknown, NOTHING))).isEqualTo(value);
            ClosedStream known = new ClosedStream(random(9));
            assertThat(read(client.uploads().store(Value.of(known, 9), NOTHING)))
                    .isEqualTo(random(9));
            assertThat(List.of(known.closed, unknown.closed))
                    .as("the streams are the caller's")
                    .containsOnly(false);
        }
    }

    @Test
    void anUploadThatFailsIsAborted() {
        List<String> before = everything();
        InputStream fails = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(random(PART + 1)), fails);
        assertThatThrownBy(() -> client.uploads().store(broken, NOTHING)).hasMessage("the disk is gone");
        assertThat(everything()).isEqualTo(before);
        assertThatThrownBy(() -> client.uploads().store(Value.of(new ByteArrayInputStream(random(5)), 9), NOTHING))
                .hasMessage("The value ended 4 bytes before its size.");
        assertThat(everything()).isEqualTo(before);
        Value missing = new Value.File(folder.resolve("missing"), 9);
        assertThatThrownBy(() -> client.uploads().store(missing, NOTHING)).isInstanceOf(IOException.class);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aValueThatIsTooLargeIsRefusedBeforeItIsSent() {
        Value large = Value.of(InputStream.nullInputStream(), 1L << 40);
        assertThatThrownBy(() -> client.uploads().store(large, NOTHING))
                .isInstanceOfSatisfying(
                        TokenizerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    private static final class ClosedStream extends ByteArrayInputStream {
        private boolean closed;

        ClosedStream(byte[] content) {
            super(content);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static byte[] read(String token) {
        return client.detokenize(token);
    }

    private static List<String> everything() {
        try (S3Connection connection = vault.store.connection()) {
            return Stream.concat(
                            connection.s3().listObjectsV2(list -> list.bucket(VaultBucket.NAME)).contents().stream()
                                    .map(S3Object::key),
                            connection
                                    .s3()
                                    .listMultipartUploads(list -> list.bucket(VaultBucket.NAME))
                                    .uploads()
                                    .stream()
                                    .map(MultipartUpload::key))
                    .toList();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
