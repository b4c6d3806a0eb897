package dev.lunasec.local.shop;

import java.time.Duration;

/** What the back end of the shop asks of the vault. */
interface Grants {
    /** Whether a session may use a token. The session that stored a value may. */
    boolean holds(String session, String token);

    /** Lets a session read the value of a token for a time. */
    void allow(String session, String token, Duration time);

    /** Takes that back. */
    void revoke(String session, String token);
}
