package dev.lunasec.api.v1alpha1;

/** Patterns and lengths that several rules share. They are constants because annotations use them. */
final class Rules {
    private Rules() {}

    /**
     * A Go duration in hours, minutes, seconds and milliseconds. With {@link #DURATION_LENGTH} it stays within the 292
     * years that the duration function of CEL can hold, so a rule fails with its message and not with an overflow.
     */
    static final String DURATION = "matches('^([0-9]{1,6}([.][0-9]{1,3})?(ms|s|m|h))+$')";

    static final int DURATION_LENGTH = 20;

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";

    private static final String HOST = "(\\\\[[0-9a-fA-F:.]+\\\\]|" + LABEL + "([.]" + LABEL + ")*)";

    private static final String PORT =
            "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?";

    /** Scheme, host and port, which are the parts of a URL before the path. */
    static final String ORIGIN = "matches('^https?://" + HOST + PORT + "$')";

    static final String URL = "matches('^https?://" + HOST + PORT + "(/[A-Za-z0-9._~!$&*+,;=:@%/?-]*)?$')";

    static final int URL_LENGTH = 2048;

    /** The longest name of a claim, or path to one. */
    static final int CLAIM_LENGTH = 256;

    static final int CLAIM_VALUE_LENGTH = 512;

    /** The longest name of an object in the API. */
    static final int NAME_LENGTH = 253;

    static final String NAME = "matches('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$')";

    static final String KEY = "matches('^[A-Za-z0-9._-]+$')";
}
