package dev.lunasec.contract;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands of the tokenizer's image, each the only argument of its container. */
public enum Command {
    /** Runs the tokenizer until SIGTERM; see {@link TokenizerEnvironment}. */
    SERVE,
    /** Runs the agent of an application's pod until SIGTERM; see {@link AgentEnvironment}. */
    AGENT,
    /** Moves records from one share to the primary one, and ends; see {@link RewrapEnvironment}. */
    REWRAP,
    /** Deletes what erasures left, and ends; see {@link VaultFiles}. */
    SWEEP,
    /** Sweeps a restored or moved bucket and makes it the one of its vault, and ends; see {@link VaultFiles}. */
    BIND;

    /** The argument. */
    public String argument() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The command of a process; empty when the arguments are anything else. */
    public static Optional<Command> of(String... arguments) {
        if (arguments.length != 1) return Optional.empty();
        return List.of(values()).stream()
                .filter(command -> command.argument().equals(arguments[0]))
                .findFirst();
    }
}
