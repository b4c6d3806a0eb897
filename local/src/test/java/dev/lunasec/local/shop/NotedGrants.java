package dev.lunasec.local.shop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A vault that notes what the shop asks of it. */
final class NotedGrants implements Grants {
    final List<String> calls = new ArrayList<>();
    private final Set<String> held = new HashSet<>();

    /** The vault has stored a value for a session. */
    void stored(String session, String token) {
        held.add(session + " " + token);
    }

    @Override
    public boolean holds(String session, String token) {
        return held.contains(session + " " + token);
    }

    @Override
    public void allow(String session, String token, Duration time) {
        calls.add("allow " + session + " " + token + " " + time.toSeconds());
    }

    @Override
    public void revoke(String session, String token) {
        calls.add("revoke " + session + " " + token);
    }
}
