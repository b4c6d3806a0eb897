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
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the tokenizer, the agent or a work on the vault's records, and says in one sentence why it can't. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static volatile boolean failed;

    private Main() {}

    /**
     * {@code serve} is the tokenizer, {@code agent} stands beside an application; both run until SIGTERM. {@code rewrap} is one worker of
     * a rotation, {@code sweep} deletes what erasures left; these end when they are done. Ends with 1 when the start or the work fails for good, with 2 for an unknown command.
     */
    public static void main(String[] args) {
        try {
            Command command = Command.of(args).orElse(null);
            if (command == null) {
                System.err.println("usage: tokenizer serve | agent | rewrap | sweep");
                System.exit(2);
                return;
            }
            switch (command) {
                case SERVE -> serve();
                case AGENT -> agent();
                case REWRAP -> Maintenance.rewrap(RewrapEnvironment.from(System.getenv()));
                case SWEEP -> Maintenance.sweep(VaultFiles.from(System.getenv()));
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
            // Only where it happened: what a library says of a setting may hold the setting.
            log.error("at {}", List.of(e.getStackTrace()));
            fail("The start failed with a " + e.getClass().getSimpleName() + ", which is the tokenizer's fault.");
        }
    }

    private static void serve() throws IOException, InterruptedException {
        TokenizerService tokenizer = TokenizerService.create(TokenizerEnvironment.from(System.getenv()));
        atTheEnd(tokenizer::close);
        StoreStatus finding = tokenizer.start();
        if (finding != null) fail(finding.message());
        log.info("serving on port {}", tokenizer.port());
    }

    private static void agent() throws IOException {
        Agent agent = Agent.create(AgentEnvironment.from(System.getenv()));
        atTheEnd(agent::close);
        agent.start();
        log.info("serving the application of this pod on port {}", agent.port());
    }

    /** SIGTERM is how a pod is asked to end, so an end in order is 0, not the 143 of Java. */
    private static void atTheEnd(Runnable close) {
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
        try {
            Files.writeString(TerminationLog.in(System.getenv()), sentence);
        } catch (IOException e) {
            log.debug("there is no termination log");
        }
        System.exit(1);
    }
}
