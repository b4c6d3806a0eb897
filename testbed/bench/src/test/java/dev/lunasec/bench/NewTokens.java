package dev.lunasec.bench;

import dev.lunasec.contract.HttpPaths;
import dev.lunasec.tokenizer.testing.Api;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A load that makes tokens, and then one call for each of them by its maker. A pod that made a token does not have its
 * record until the first call.
 */
final class NewTokens implements Requests {
    private final List<String> jwts = new ArrayList<>();
    private final List<byte[]> tokenize = new ArrayList<>();
    private final List<List<String>> made = new ArrayList<>();

    /** @param sessions begins the names of the sessions of the makers, one for each connection */
    NewTokens(VaultProcess vault, String sessions, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            String jwt = vault.jwt("user", sessions + i);
            jwts.add(jwt);
            tokenize.add(Tokens.tokenize(jwt));
            made.add(new ArrayList<>());
        }
    }

    @Override
    public byte[] next(KeepAliveConnection connection) {
        return tokenize.get(connection.number);
    }

    @Override
    public void answered(KeepAliveConnection connection) {
        made.get(connection.number).add(Tokens.tokenId(connection.body()));
    }

    /** A request for the value of each token. */
    byte[][] detokenize() {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            String authorization = Tokens.authorization(jwts.get(i));
            for (String token : made.get(i))
                requests.add(Requests.post(HttpPaths.DETOKENIZE, authorization, Api.of(token)));
        }
        return requests.toArray(byte[][]::new);
    }
}
