package dev.lunasec.bench;

import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Records that are written into the store without a tokenizer, so that a benchmark runs on a large vault. */
final class RecordsWithoutTokens {
    private final Keyring keyring;
    private final RecordCipher cipher;
    private final S3Records records;

    RecordsWithoutTokens(VaultProcess vault, Bucket bucket) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> folder = Files.list(vault.folder.resolve("keyring"))) {
            for (Path file : folder.toList()) files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        keyring = Keyring.of(files);
        cipher = new RecordCipher(keyring);
        records = new S3Records(bucket, keyring);
    }

    /**
     * Writes records.
     *
     * @param writers how many write at the same time
     */
    void make(int number, int writers) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> written = IntStream.range(0, writers)
                    .<Future<?>>mapToObj(writer ->
                            threads.submit(() -> write(number / writers + (writer < number % writers ? 1 : 0))))
                    .toList();
            for (Future<?> each : written) each.get();
        } catch (ExecutionException e) {
            throw new IOException("a record could not be written", e.getCause());
        }
    }

    private void write(int number) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (int i = 0; i < number; i++) {
            Token token = Token.random();
            Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
            records.put(cipher.seal(token, payload, now, null), keyring.objectName(token));
        }
    }
}
