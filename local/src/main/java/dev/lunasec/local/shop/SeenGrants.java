package dev.lunasec.local.shop;

import dev.lunasec.contract.HttpPaths;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Grants whose requests a browser's panel shows.
 *
 * @param clerk the clerk's session at the vault; the panel shows whose session it is, and no session
 */
record SeenGrants(Grants grants, SeenRequests seen, String clerk) implements Grants {
    @Override
    public boolean holds(String session, String token) {
        seen.toVault(HttpPaths.GRANT_VERIFY, about(session, token));
        return grants.holds(session, token);
    }

    @Override
    public void allow(String session, String token, Duration time) {
        Map<String, String> fields = about(session, token);
        fields.put("customDuration", time.toSeconds() + "s");
        seen.toVault(HttpPaths.GRANT_SET, fields);
        grants.allow(session, token, time);
    }

    @Override
    public void revoke(String session, String token) {
        seen.toVault(HttpPaths.GRANT_REVOKE, about(session, token));
        grants.revoke(session, token);
    }

    private Map<String, String> about(String session, String token) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("tokenId", token);
        fields.put("sessionId", session.equals(clerk) ? "the clerk's" : "the customer's");
        return fields;
    }
}
