package dev.lunasec.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.tokenizer.testing.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a vault, and requests that name them. Each connection has a session of its own, which holds grants for its
 * tokens that are valid for an hour.
 */
final class Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> jwts = new ArrayList<>();
    private final List<List<String>> tokens = new ArrayList<>();

    /**
     * Makes tokens through a pod.
     *
     * @param sessions begins the names of the sessions
     * @param each the number of tokens of each connection
     */
    Tokens(VaultProcess vault, int port, String sessions, int connections, int each) throws IOException {
        for (int i = 0; i < connections; i++) {
            jwts.add(vault.jwt("user", sessions + i));
            tokens.add(new ArrayList<>());
        }
        ClosedLoop.sendAll(port, connections, new Requests() {
            @Override
            public byte @Nullable [] next(KeepAliveConnection connection) {
                return tokens.get(connection.number).size() == each ? null : tokenize(jwts.get(connection.number));
            }

            @Override
            public void answered(KeepAliveConnection connection) {
                tokens.get(connection.number).add(tokenId(connection.body()));
            }
        });
        if (new HashSet<>(tokens.stream().flatMap(List::stream).toList()).size() != connections * each) {
            throw new IOException("two tokens are the same");
        }
        String application = vault.jwt("application", "");
        byte[][] grants = requests((connection, token) -> grant(application, token, sessions + connection, "1h"));
        int[] sent = new int[connections];
        ClosedLoop.sendAll(port, connections, connection -> {
            int at = connection.number + sent[connection.number]++ * connections;
            return at < grants.length ? grants[at] : null;
        });
    }

    /** A request for one token of a connection. */
    interface OfToken {
        byte[] request(int connection, String token);
    }

    /** A request for each token, in the order of {@link Requests#cycle}. */
    byte[][] requests(OfToken of) {
        byte[][] requests = new byte[tokens.size() * tokens.getFirst().size()][];
        for (int i = 0; i < requests.length; i++) {
            int connection = i % tokens.size();
            requests[i] = of.request(connection, tokens.get(connection).get(i / tokens.size()));
        }
        return requests;
    }

    /** A request for each token that asks for its value. */
    byte[][] detokenize() {
        return requests((connection, token) ->
                Requests.post(HttpPaths.DETOKENIZE, authorization(jwts.get(connection)), Api.of(token)));
    }

    /** The bytes of a request that makes a token. */
    static byte[] tokenize(String jwt) {
        return Requests.post(HttpPaths.TOKENIZE, authorization(jwt), "{}");
    }

    /**
     * The bytes of a request that sets a grant.
     *
     * @param duration a Go duration
     */
    static byte[] grant(String jwt, String token, String session, String duration) {
        String body = "{\"tokenId\":\"" + token + "\",\"sessionId\":\"" + session + "\",\"customDuration\":\""
                + duration + "\"}";
        return Requests.post(HttpPaths.GRANT_SET, authorization(jwt), body);
    }

    /** The header of a caller. */
    static String authorization(String jwt) {
        return "authorization: " + jwt;
    }

    /** The token that an answer names. */
    static String tokenId(byte[] answer) {
        return data(answer).path("tokenId").textValue();
    }

    /** What an answer of a pod holds. */
    static JsonNode data(byte[] answer) {
        try {
            return JSON.readTree(answer).path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
