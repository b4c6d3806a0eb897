package dev.lunasec.local.shop;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The browsers that have chosen who they are, in memory. There is one clerk, as whom any browser can act. */
final class ShopSessions {
    private static final int MOST = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Cache<String, ShopSession> sessions =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final String clerk = "clerk-" + random();

    /** The clerk's session at the vault. */
    String clerk() {
        return clerk;
    }

    /** The session at the vault of whom a browser acts as. */
    String atVault(ShopSession session) {
        return session.person() == Person.CLERK ? clerk : session.vaultSession();
    }

    /**
     * Lets a browser act as a person, with a new cookie. So a thief of the last cookie gets no rights of that person.
     *
     * @param before the session that it has, which ends; null for none
     */
    ShopSession begin(@Nullable ShopSession before, Person person) {
        String id = random();
        if (before == null)
            return keep(new ShopSession(id, person, "customer-" + random(), OptionalLong.empty(), new SeenRequests()));
        end(before);
        return keep(before.as(person, id));
    }

    /** Replaces what is known of a browser. */
    ShopSession keep(ShopSession session) {
        sessions.put(session.id(), session);
        return session;
    }

    /** The session of a cookie; null for a cookie that the shop did not make, or has forgotten. */
    @Nullable
    ShopSession find(@Nullable String cookie) {
        return cookie == null ? null : sessions.getIfPresent(cookie);
    }

    void end(ShopSession session) {
        sessions.invalidate(session.id());
    }

    private static String random() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
