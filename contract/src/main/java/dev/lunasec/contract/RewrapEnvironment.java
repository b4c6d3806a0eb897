package dev.lunasec.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one worker of a rewrap does: the environment of its container, in an Indexed Job. It needs neither Redis nor a port.
 *
 * @param share the number of the share whose records move to the primary one
 * @param workers how many share the work, 1 to {@value #MOST_WORKERS}
 * @param worker which of them this is, from 0 on
 * @param rate records per second of this worker; null for as many as go
 */
public record RewrapEnvironment(
        VaultFiles files,
        int share,
        int workers,
        int worker,
        @Nullable Double rate) {

    /** The records are divided by the first hex digit of their ids. */
    public static final int MOST_WORKERS = 16;

    /** More than any store does. */
    private static final int HIGHEST_RATE = 1_000_000;

    /**
     * Reads the environment.
     *
     * @param environment usually {@link System#getenv()}; Kubernetes itself sets {@code JOB_COMPLETION_INDEX} in an Indexed Job
     * @throws InvalidSettings naming the first variable that is missing or wrong
     */
    public static RewrapEnvironment from(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        int workers = variables.requiredNumber("TOKENIZER_REWRAP_WORKERS", 1, MOST_WORKERS);
        return new RewrapEnvironment(
                VaultFiles.from(environment),
                variables.requiredNumber("TOKENIZER_REWRAP_SHARE", 1, KeyringAnnouncement.HIGHEST),
                workers,
                variables.requiredNumber("JOB_COMPLETION_INDEX", 0, workers - 1),
                variables.rate("TOKENIZER_REWRAP_RATE", HIGHEST_RATE));
    }
}
