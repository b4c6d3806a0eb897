package dev.lunasec.bench;

import java.io.IOException;

/**
 * What the loads on a pod send.
 *
 * @param warm calls of {@code /detokenize} for a few tokens, whose records the pod has after a while
 * @param cold such calls for so many tokens that the pod no longer has their records when they are asked for again
 * @param tokenize calls of {@code /tokenize}
 * @param grant calls of {@code /grant/set} for the first tokens
 */
record PodRequests(byte[][] warm, byte[][] cold, byte[][] tokenize, byte[][] grant) {
    /** Makes the tokens through a pod. */
    static PodRequests of(Parameters parameters, VaultProcess vault, int pod) throws IOException {
        int connections = parameters.connections();
        Tokens few = new Tokens(vault, pod, "session-", connections, parameters.tokens() / connections);
        Tokens many = new Tokens(vault, pod, "other-", connections, parameters.coldTokens() / connections);
        byte[][] tokenize = new byte[2 * connections][];
        for (int i = 0; i < tokenize.length; i++) tokenize[i] = Tokens.tokenize(vault.jwt("user", "maker-" + i));
        String application = vault.jwt("application", "");
        // Short grants, because a caller can have a limited number of valid ones.
        byte[][] grant =
                few.requests((connection, token) -> Tokens.grant(application, token, "reader-" + connection, "30s"));
        return new PodRequests(few.detokenize(), many.detokenize(), tokenize, grant);
    }

    /** All kinds in turns: of ten calls, six find their records in the pod, and two do not. */
    byte[][] mixed() {
        return Requests.mix(10 * cold.length / 2, warm, warm, warm, warm, warm, warm, cold, cold, tokenize, grant);
    }
}
