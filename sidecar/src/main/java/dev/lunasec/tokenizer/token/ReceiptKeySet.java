package dev.lunasec.tokenizer.token;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ReceiptEra;
import dev.lunasec.contract.VaultId;
import java.util.Collection;

/** The public keys of all receipts of a vault as a JWK Set (RFC 7517), with the era of each key in further members. */
final class ReceiptKeySet {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReceiptKeySet() {}

    static String json(VaultId vault, Collection<ReceiptEra> eras) {
        ObjectNode set = JSON.createObjectNode().put("vault", vault.text());
        ArrayNode keys = set.putArray("keys");
        for (ReceiptEra era : eras) {
            ObjectNode key = keys.addObject()
                    .put("kty", "OKP")
                    .put("crv", "Ed25519")
                    .put("x", era.x())
                    .put("kid", ReceiptKey.thumbprint(era.x()))
                    .put("use", "sig")
                    .put("alg", "EdDSA");
            if (era.from() != null) key.put("from", era.from());
            if (era.until() != null) key.put("until", era.until());
            key.put("compromised", era.compromised());
        }
        return set.toString();
    }
}
