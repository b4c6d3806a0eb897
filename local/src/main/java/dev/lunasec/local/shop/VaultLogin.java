package dev.lunasec.local.shop;

import dev.lunasec.contract.HttpPaths;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The page to which the vault sends a browser to log in, as an SDK of LunaDefend has it. It sends the browser back with
 * a JWT of its user.
 */
final class VaultLogin {
    static final String PATH = "/.lunasec/secure-frame";

    private final ShopSessions sessions;
    private final Jwts jwts;
    private final String vaultOrigin;

    VaultLogin(ShopSessions sessions, Jwts jwts, String vaultOrigin) {
        this.sessions = sessions;
        this.jwts = jwts;
        this.vaultOrigin = vaultOrigin;
    }

    /**
     * Where the browser goes. The URL holds the JWT, so it is written to no log.
     *
     * @param state of the vault
     * @throws ShopRefusal 400 without a state
     */
    URI back(ShopSession session, @Nullable String state) {
        if (state == null || !state.matches("[A-Za-z0-9._~-]{1,300}"))
            throw ShopRefusal.badInput("The parameter state is missing; begin at /session/ensure of the vault.");
        String jwt = jwts.jwt("user", sessions.atVault(session));
        return URI.create(vaultOrigin + HttpPaths.SESSION_CREATE + "?state=" + state + "&openid_token=" + jwt);
    }
}
