package dev.lunasec.bench;

import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.Token;
import java.time.Instant;
import java.util.OptionalLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A record without metadata. */
@State(Scope.Thread)
public class RecordBenchmark {
    private final Keyring keyring = TestKeyring.of(1, 1);
    private final RecordCipher cipher = new RecordCipher(keyring);
    private final Token token = Token.random();
    private final Payload payload =
            Payload.withNewKey(new byte[0], OptionalLong.of(19), keyring.pseudonym("shop", "session"));
    private final Record record = cipher.seal(token, payload, Instant.ofEpochSecond(1_767_225_600), null);
    private final Record inMemory = cipher.withOuterLayerOpened(record);

    @Benchmark
    public Object open() {
        return cipher.open(token, record.id(), record);
    }

    @Benchmark
    public Object openFromMemory() {
        return cipher.open(token, record.id(), inMemory);
    }

    @Benchmark
    public Object seal() {
        return cipher.seal(token, payload, record.created(), null);
    }

    /** The names that a call needs: of the record, the object and the session. */
    @Benchmark
    public Object names() {
        return keyring.recordId(token).hex() + keyring.objectName(token) + keyring.pseudonym("shop", "session");
    }
}
