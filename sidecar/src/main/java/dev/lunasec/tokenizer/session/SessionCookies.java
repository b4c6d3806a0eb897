package dev.lunasec.tokenizer.session;

import dev.lunasec.contract.CookieNames;
import dev.lunasec.tokenizer.grant.LoginStates;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Values of the header {@code Set-Cookie}. No script reads these cookies. Browsers that know {@code Partitioned} keep
 * one set for each site that embeds the frame, which all pages of that site share.
 */
final class SessionCookies {
    /** Browsers keep 4096 bytes of name and value. */
    static final int LONGEST_JWT = 4096 - CookieNames.ACCESS_TOKEN.length();

    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private SessionCookies() {}

    /** Whether a text has the form of a JWT and no character that would begin an attribute of a cookie. */
    static boolean canHold(String jwt) {
        return JWT.matcher(jwt).matches();
    }

    /**
     * Logs the browser in.
     *
     * @param jwt that {@link #canHold} accepts
     * @param lifetime how long the JWT is valid, at least a second
     */
    static String login(String jwt, Duration lifetime) {
        return cookie(CookieNames.ACCESS_TOKEN, jwt, lifetime);
    }

    /** Logs the browser out. */
    static String noLogin() {
        return cookie(CookieNames.ACCESS_TOKEN, "", Duration.ZERO);
    }

    /** Binds a state to the browser. */
    static String state(String state) {
        return cookie(CookieNames.STATE, state, LoginStates.LIFETIME);
    }

    /** Removes the state from the browser. */
    static String noState() {
        return cookie(CookieNames.STATE, "", Duration.ZERO);
    }

    private static String cookie(String name, String value, Duration lifetime) {
        return name + "=" + value + "; Path=/; Max-Age=" + lifetime.toSeconds()
                + "; Secure; HttpOnly; SameSite=None; Partitioned";
    }
}
