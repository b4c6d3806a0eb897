package dev.lunasec.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The task of one worker of a rewrap: the environment of its container in an Indexed Job.
 *
 * @param share the number of the share whose records move to the primary one
 * @param workers the number of workers, 1 to {@value #MOST_WORKERS}
 * @param worker the number of this worker, from 0 on
 * @param rate records per second of this worker; null for no limit
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
     * @param environment usually {@link System#getenv()}; Kubernetes itself sets {@code JOB_COMPLETION_INDEX} in an
     *     Indexed Job
     * @throws InvalidSettings naming the first variable that is missing or wrong
     */
    public static RewrapEnvironment from(Map<String, String> environment) {
        VariableReader variables = new VariableReader(environment);
        int workers = variables.requiredNumber(EnvironmentVariables.REWRAP_WORKERS, 1, MOST_WORKERS);
        return new RewrapEnvironment(
                VaultFiles.from(environment),
                variables.requiredNumber(EnvironmentVariables.REWRAP_SHARE, 1, KeyringAnnouncement.HIGHEST),
                workers,
                variables.requiredNumber(EnvironmentVariables.JOB_COMPLETION_INDEX, 0, workers - 1),
                variables.rate(EnvironmentVariables.REWRAP_RATE, HIGHEST_RATE));
    }

    /**
     * The variables that the operator writes beside those of {@link VaultFiles}; Kubernetes adds the number of the
     * worker.
     *
     * @param rate null for no limit
     * @return values by name, in the order in which they are read
     */
    public static Map<String, String> variables(int share, int workers, @Nullable Double rate) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(EnvironmentVariables.REWRAP_SHARE, Integer.toString(share));
        variables.put(EnvironmentVariables.REWRAP_WORKERS, Integer.toString(workers));
        if (rate != null) variables.put(EnvironmentVariables.REWRAP_RATE, Double.toString(rate));
        return variables;
    }
}
