package dev.lunasec.bench;

import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.token.RecordId;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A line of the audit log, written to {@code /dev/null} instead of standard output. */
@State(Scope.Thread)
public class AuditBenchmark {
    private final AuditLog log = new AuditLog();
    private final PrintStream console = System.out;
    private final AuditLog.Line line = new AuditLog.Line(
            "/detokenize",
            "ok",
            null,
            new AuditLog.Who(
                    new Caller(Kind.USER, "shop/user", "shop-sdk/user", "shop-sdk", "session", Caller.OF_USERS),
                    "a".repeat(32)),
            null,
            new RecordId("b".repeat(32)),
            null);

    @Setup
    public void discardStandardOutput() throws IOException {
        System.setOut(new PrintStream(new FileOutputStream("/dev/null"), true, StandardCharsets.UTF_8));
    }

    @TearDown
    public void restoreStandardOutput() {
        System.out.close();
        System.setOut(console);
    }

    @Benchmark
    public void writeLine() {
        log.write(line);
    }
}
