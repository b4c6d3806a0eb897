package dev.lunasec.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lunasec.contract.HttpPaths;
import dev.lunasec.local.Attacker.Request;
import dev.lunasec.testbed.JwtIssuer;
import java.util.Base64;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The requests of attackers.
 *
 * @param application signs the JWTs
 * @param hanging signs JWTs of the issuer whose keys cannot be fetched
 * @param ofApplication a token that the application may read
 * @param ofSession a token that the session of {@link #ATTACKER} may read
 */
record AttackRequests(DemoApplication application, JwtIssuer hanging, String ofApplication, String ofSession) {
    static final String ATTACKER = "attacker";

    /** The value of the claim {@code iss} of that issuer. */
    static final String HANGING = "hanging-sdk";

    private static final String TOKENIZE = "{\"size\":10}";

    List<Request> oneUser() {
        return List.of(new Request(HttpPaths.TOKENIZE, user(ATTACKER), TOKENIZE));
    }

    List<Request> fortyUsers() {
        return each(40, i -> new Request(HttpPaths.TOKENIZE, user("attacker-" + i), TOKENIZE));
    }

    List<Request> usersOfTheIssuerThatHangs() {
        return each(
                40,
                i -> new Request(
                        HttpPaths.TOKENIZE,
                        hanging.jwt("user", "attacker-" + i, claims -> claims.issuer(HANGING)),
                        TOKENIZE));
    }

    /** Valid JWTs but for the name of the key in their headers. */
    List<Request> unknownKeys() {
        String jwt = user(ATTACKER);
        String rest = jwt.substring(jwt.indexOf('.'));
        return each(2_000, i -> {
            String header = "{\"alg\":\"RS256\",\"kid\":\"invented-" + i + "\"}";
            return new Request(
                    HttpPaths.TOKENIZE,
                    Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8)) + rest,
                    TOKENIZE);
        });
    }

    List<Request> readsOfInventedTokens() {
        return each(64, i -> new Request(HttpPaths.DETOKENIZE, user("attacker-" + i), token(Attacker.INVENTED)));
    }

    List<Request> erasuresOfInventedTokens() {
        return List.of(ofApplication(HttpPaths.TOKEN_ERASE, token(Attacker.INVENTED)));
    }

    List<Request> grantsForInventedTokens() {
        String body = "{\"tokenId\":\"" + Attacker.INVENTED + "\",\"sessionId\":\"" + ATTACKER + "\"}";
        return List.of(ofApplication(HttpPaths.GRANT_SET, body));
    }

    List<Request> readsOfOneSession() {
        return List.of(new Request(HttpPaths.DETOKENIZE, user(ATTACKER), token(ofSession)));
    }

    List<Request> readsOfOneApplication() {
        return List.of(ofApplication(HttpPaths.DETOKENIZE, token(ofApplication)));
    }

    List<Request> tokensOfOneApplication() {
        return List.of(ofApplication(HttpPaths.TOKENIZE, TOKENIZE));
    }

    private Request ofApplication(String path, String body) {
        return new Request(path, application.jwt("application", ""), body);
    }

    private String user(String session) {
        return application.jwt("user", session);
    }

    private static String token(String token) {
        return "{\"tokenId\":\"" + token + "\"}";
    }

    private static <T> List<T> each(int number, IntFunction<T> make) {
        return IntStream.range(0, number).mapToObj(make).toList();
    }
}
