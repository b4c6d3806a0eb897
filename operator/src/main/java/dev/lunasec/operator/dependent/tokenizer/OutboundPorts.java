package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec;
import java.net.URI;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The ports of everything outside of the vault that the tokenizer pods connect to. A JWKS that a discovery document
 * names has the port of its issuer; the tokenizer does not fetch another.
 */
final class OutboundPorts {
    /** The usual ports of the API server's Service and of the API server itself. */
    private static final int[] API_SERVER = {443, 6443};

    private OutboundPorts() {}

    static SortedSet<Integer> outside(Tokenizer tokenizer, Set<Integer> redisPorts) {
        TokenizerSpec spec = tokenizer.getSpec();
        SortedSet<Integer> ports = new TreeSet<>();
        ports.add(store(tokenizer));
        for (IssuerSpec issuer : spec.auth().issuers()) ports.add(port(issuer.keysUrl()));
        if (spec.grants().redis().external() != null) ports.addAll(redisPorts);
        if (!spec.auth().applications().isEmpty()) {
            for (int port : API_SERVER) ports.add(port);
        }
        return ports;
    }

    static int store(Tokenizer tokenizer) {
        String endpoint = tokenizer.getSpec().storage().endpoint();
        return endpoint == null ? 443 : port(endpoint);
    }

    private static int port(String url) {
        URI uri = URI.create(url);
        if (uri.getPort() != -1) return uri.getPort();
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
