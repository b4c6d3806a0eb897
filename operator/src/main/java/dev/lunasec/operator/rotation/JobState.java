package dev.lunasec.operator.rotation;

/** The state of a rewrap Job or a sweep Job. A Job that was deleted counts as running until its last pod ended. */
public enum JobState {
    /** There is no such Job. */
    NONE,
    RUNNING,
    DONE,
    FAILED,
    /**
     * The Job runs, but was created for another number of workers, another rate or another image than the resource asks
     * for now.
     */
    OUTDATED
}
