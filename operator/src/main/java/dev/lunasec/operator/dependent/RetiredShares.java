package dev.lunasec.operator.dependent;

import java.util.Map;

/**
 * The content of the Secret of retired shares.
 *
 * @param data base64 values by key
 * @param version resource version; empty if the Secret does not exist
 */
public record RetiredShares(Map<String, String> data, String version) {
    /** Omits the keys. */
    @Override
    public String toString() {
        return "RetiredShares[" + version + "]";
    }
}
