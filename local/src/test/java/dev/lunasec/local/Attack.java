package dev.lunasec.local;

import dev.lunasec.local.Attacker.Request;
import dev.lunasec.local.Attacker.Shape;
import java.util.List;

/**
 * The attacks. Full force is the number of connections to each of the two pods, on each of which the attacker sends as
 * fast as its shape allows. All run on the machine of the pods, so the attacker has the lowest priority: it gets the
 * processors as far as the pods, Redis and the store leave them.
 */
enum Attack {
    SLOW_BODIES_OF_ONE_USER(700, Shape.SLOW_BODIES, "429 tooManyRequests|closed"),
    SLOW_BODIES_OF_FORTY_USERS(700, Shape.SLOW_BODIES, "closed"),
    SLOW_HEADERS(1_000, Shape.SLOW_HEADERS, "closed|408|431"),
    MORE_HALF_OPEN_CONNECTIONS_THAN_A_POD_HOLDS(1_500, Shape.HALF_OPEN, "closed"),
    HALF_OPEN_PROBES(200, Shape.HALF_OPEN, "closed"),
    HUGE_BODIES(16, Shape.HUGE_BODIES, "413 tooLarge"),
    HUGE_HEADERS(64, Shape.HUGE_HEADERS, "431.*|closed"),
    AN_ISSUER_WHOSE_KEYS_HANG(300, Shape.REQUESTS, "503 issuerUnavailable"),
    UNKNOWN_KEYS(64, Shape.REQUESTS, "401 unauthenticated|503 issuerUnavailable"),
    READS_OF_INVENTED_TOKENS(64, Shape.REQUESTS, "403 noGrant"),
    ERASURES_OF_INVENTED_TOKENS(64, Shape.REQUESTS, "404 unknownToken|429 tooManyRequests"),
    GRANTS_FOR_INVENTED_TOKENS(64, Shape.REQUESTS, "200|429 tooManyGrants"),
    TOKENS_OF_ONE_SESSION(64, Shape.REQUESTS, "200|429 (tooManyGrants|tooManyRequests)"),
    READS_OF_ONE_SESSION(400, Shape.REQUESTS, "200|429 tooManyRequests"),
    READS_OF_ONE_APPLICATION(400, Shape.REQUESTS, "200|429 tooManyRequests");

    /** How many connections the attacker keeps open to each pod. */
    final int connections;

    final Shape shape;

    /** A regular expression of the outcomes that the attacker may see beside "connected". */
    final String outcomes;

    Attack(int connections, Shape shape, String outcomes) {
        this.connections = connections;
        this.shape = shape;
        this.outcomes = outcomes;
    }

    /** What it sends; the JWTs are valid for 15 minutes. */
    List<Request> requests(AttackRequests requests) {
        return switch (this) {
            case SLOW_BODIES_OF_ONE_USER,
                    SLOW_HEADERS,
                    MORE_HALF_OPEN_CONNECTIONS_THAN_A_POD_HOLDS,
                    HALF_OPEN_PROBES,
                    HUGE_BODIES,
                    HUGE_HEADERS,
                    TOKENS_OF_ONE_SESSION -> requests.oneUser();
            case SLOW_BODIES_OF_FORTY_USERS -> requests.fortyUsers();
            case AN_ISSUER_WHOSE_KEYS_HANG -> requests.usersOfTheIssuerThatHangs();
            case UNKNOWN_KEYS -> requests.unknownKeys();
            case READS_OF_INVENTED_TOKENS -> requests.readsOfInventedTokens();
            case ERASURES_OF_INVENTED_TOKENS -> requests.erasuresOfInventedTokens();
            case GRANTS_FOR_INVENTED_TOKENS -> requests.grantsForInventedTokens();
            case READS_OF_ONE_SESSION -> requests.readsOfOneSession();
            case READS_OF_ONE_APPLICATION -> requests.readsOfOneApplication();
        };
    }
}
