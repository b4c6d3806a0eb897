package dev.lunasec.tokenizer;

import dev.lunasec.contract.AgentEnvironment;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.TerminationLog;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.s3.StoreStatus;
import dev.lunasec.tokenizer.agent.Agent;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.ops.Intervals;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the tokenizer, the agent or a maintenance command, and reports in one sentence why it failed. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static volatile boolean failed;

    private Main() {}

    /**
     * {@code serve} is the tokenizer, {@code agent} runs in the pod of an application; both run until SIGTERM.
     * {@code rewrap} is one worker of a rotation, {@code sweep} deletes what erasures left behind, {@code bind} makes a
     * restored bucket the one of its vault; these end when they are done. The exit status is 1 when the start or the
     * work fails, and 2 for an unknown command.
     */
    public static void main(String[] args) {
        try {
            Command command = Command.of(args).orElse(null);
            if (command == null) {
                System.err.println("usage: tokenizer serve | agent | rewrap | sweep | bind");
                System.exit(2);
                return;
            }
            switch (command) {
                case SERVE -> serve();
                case AGENT -> agent();
                case REWRAP -> Maintenance.rewrap(RewrapEnvironment.from(System.getenv()));
                case SWEEP ->
                    tellOperator(
                            Maintenance.sweep(VaultFiles.from(System.getenv())).text());
                case BIND -> Maintenance.bind(VaultFiles.from(System.getenv()));
            }
        } catch (InvalidSettings e) {
            fail(String.valueOf(e.getMessage()));
        } catch (CallFailed e) {
            fail(e.sentence());
        } catch (IOException e) {
            fail("A file or a port can't be opened: " + e.getMessage() + ".");
        } catch (InterruptedException e) {
            fail("The start was interrupted.");
        } catch (RuntimeException e) {
            // Only the stack: a library's message about a setting may contain the setting.
            log.error("at {}", List.of(e.getStackTrace()));
            fail("The start failed with a " + e.getClass().getSimpleName() + ", which is a bug of the tokenizer.");
        }
    }

    private static void serve() throws IOException, InterruptedException {
        TokenizerAssembly tokenizer =
                TokenizerAssembly.create(TokenizerEnvironment.from(System.getenv()), Intervals.USUAL);
        onShutdown(tokenizer::close);
        StoreStatus fault = tokenizer.start();
        if (fault != null) fail(fault.message());
        long millis = ManagementFactory.getRuntimeMXBean().getUptime();
        log.info("serving on port {}, {} ms after the start of the process", tokenizer.port(), millis);
    }

    private static void agent() throws IOException {
        Agent agent = Agent.create(AgentEnvironment.from(System.getenv()), Intervals.USUAL);
        onShutdown(agent::close);
        agent.start();
        log.info("serving the application of this pod on port {}", agent.port());
    }

    /** Kubernetes stops a pod with SIGTERM, so the exit status of an orderly stop is 0, not Java's 143. */
    private static void onShutdown(Runnable close) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            close.run();
                            if (!failed) Runtime.getRuntime().halt(0);
                        },
                        "shutdown"));
    }

    private static void fail(String sentence) {
        failed = true;
        log.error("{}", sentence);
        tellOperator(sentence);
        System.exit(1);
    }

    private static void tellOperator(String line) {
        try {
            Files.writeString(TerminationLog.in(System.getenv()), line);
        } catch (IOException e) {
            log.debug("there is no termination log");
        }
    }
}
