package dev.lunasec.contract;

/**
 * The cookies of browsers. A browser takes a cookie whose name begins with {@code __Host-} only over HTTPS and from the
 * host itself, so no other host of the same domain can set it.
 */
public final class CookieNames {
    /** The JWT of the user who is logged in. */
    public static final String ACCESS_TOKEN = "__Host-access_token";

    /** The state of the login that the browser has begun. */
    public static final String STATE = "__Host-state";

    private CookieNames() {}
}
