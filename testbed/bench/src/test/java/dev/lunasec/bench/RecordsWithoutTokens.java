package dev.lunasec.bench;

import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordJson;
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

/** Records that are made without a tokenizer, so that a benchmark runs on a large vault. */
final class RecordsWithoutTokens {
    private final Keyring keyring;
    private final RecordCipher cipher;

    /** Where the records go. */
    interface Writer {
        void write(String name, byte[] content, String type);
    }

    /** @param folder of the vault, with its keyring */
    RecordsWithoutTokens(Path folder) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.list(folder.resolve("keyring"))) {
            for (Path file : all.toList()) files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        keyring = Keyring.of(files);
        cipher = new RecordCipher(keyring);
    }

    /**
     * Makes records.
     *
     * @param writers how many are made at the same time
     */
    void make(int number, int writers, Writer to) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> written = IntStream.range(0, writers)
                    .<Future<?>>mapToObj(writer ->
                            threads.submit(() -> make(number / writers + (writer < number % writers ? 1 : 0), to)))
                    .toList();
            for (Future<?> each : written) each.get();
        } catch (ExecutionException e) {
            throw new IOException("a record could not be written", e.getCause());
        }
    }

    private void make(int number, Writer to) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (int i = 0; i < number; i++) {
            Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
            Record record = cipher.seal(Token.random(), payload, now, null);
            to.write(Layout.record(record.share(), record.id()), RecordJson.write(record), RecordJson.TYPE);
        }
    }
}
