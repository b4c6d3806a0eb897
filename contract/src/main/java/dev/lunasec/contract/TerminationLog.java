package dev.lunasec.contract;

import java.nio.file.Path;
import java.util.Map;

/**
 * The file into which a command writes why its start failed, or a sweep what it counted. Kubernetes copies it into the
 * pod's status, and the operator reports it.
 */
public final class TerminationLog {
    /** Where it is in a container, unless {@link EnvironmentVariables#TERMINATION_LOG} says otherwise. */
    public static final String PATH = "/dev/termination-log";

    private TerminationLog() {}

    /**
     * Reads the environment.
     *
     * @param environment usually {@link System#getenv()}
     */
    public static Path in(Map<String, String> environment) {
        return Path.of(environment.getOrDefault(EnvironmentVariables.TERMINATION_LOG, PATH));
    }
}
