package dev.lunasec.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.ops.Intervals;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.TokenizerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a start happens when: another pod of a vault, with its files. */
@Tag("embedded")
class StartTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private TestVault vault;

    @BeforeEach
    void start() {
        vault = new TestVault(folder);
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    @Test
    void theFirstCheckBeginsBeforeCallersAreServedAndReadinessWaitsForBoth() throws Exception {
        try (TokenizerAssembly pod = TokenizerAssembly.create(environment(FreePort.find()), Intervals.USUAL)) {
            Api management = new Api(URI.create("http://127.0.0.1:" + pod.managementPort()));
            await().atMost(SOON).until(() -> works(ready(management), "redis") && works(ready(management), "storage"));
            assertThat(ready(management).status()).isEqualTo(503);
            assertThat(ready(management).json().get("ready").booleanValue()).isFalse();
            assertThat(pod.start()).isNull();
            assertThat(ready(management).status()).isEqualTo(200);
        }
    }

    @Test
    void aStartThatFailsEndsItsCheck() throws IOException {
        long before = checks();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> TokenizerAssembly.create(environment(taken.getLocalPort()), Intervals.USUAL))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
        await().atMost(SOON).until(() -> checks() <= before);
    }

    /** Java verifies a signed jar when it loads the first class from it, and archives none of its classes. */
    @Test
    void aStartOverPlainHttpLoadsNothingOfBouncyCastleAndTheFirstReceiptDoes() throws IOException {
        Path classes = folder.resolve("classes.log");
        try (TokenizerProcess pod =
                new TokenizerProcess(vault, folder.resolve("output"), "-Xlog:class+load:file=" + classes)) {
            Api management = new Api(pod.management());
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> ready(management).status() == 200);
            assertThat(hasBouncyCastle(classes)).isFalse();
            Api api = new Api(pod.url());
            String token = api.store(vault.user(), new byte[1]);
            Answer erased = api.post("/token/erase", vault.application(), Api.of(token));
            assertThat(erased.data().get("receipt").textValue()).isNotEmpty();
            assertThat(hasBouncyCastle(classes)).isTrue();
        }
    }

    /** The kubelet counts in whole seconds. */
    @Test
    void theLogSaysHowLongTheStartTook() {
        Path output = folder.resolve("output");
        try (TokenizerProcess pod = new TokenizerProcess(vault, output)) {
            Pattern line = Pattern.compile("serving on port [0-9]+, [1-9][0-9]* ms after the start of the process\n");
            await().atMost(SOON)
                    .until(() -> line.matcher(Files.readString(output)).find());
            assertThat(ready(new Api(pod.management())).status()).isEqualTo(200);
        }
    }

    private static boolean hasBouncyCastle(Path classes) throws IOException {
        return Files.readString(classes).contains(" org.bouncycastle.");
    }

    private TokenizerEnvironment environment(int managementPort) {
        return TokenizerEnvironment.from(Map.of(
                "TOKENIZER_SETTINGS", folder.resolve("settings.json").toString(),
                "TOKENIZER_KEYRING", folder.resolve("keyring").toString(),
                "TOKENIZER_REDIS_URL", folder.resolve("redis-url").toString(),
                "TOKENIZER_STORAGE_CREDENTIALS", folder.resolve("storage").toString(),
                "TOKENIZER_ADDRESS", "127.0.0.1",
                "TOKENIZER_PORT", Integer.toString(FreePort.find()),
                "TOKENIZER_MANAGEMENT_PORT", Integer.toString(managementPort)));
    }

    private static Answer ready(Api management) {
        return management.send(management.request("/readyz").GET());
    }

    private static boolean works(Answer ready, String dependency) {
        return ready.json().get("dependencies").get(dependency).get("ok").booleanValue();
    }

    private static long checks() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("self-check"))
                .count();
    }
}
