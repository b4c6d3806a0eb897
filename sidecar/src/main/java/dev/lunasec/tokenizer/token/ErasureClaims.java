package dev.lunasec.tokenizer.token;

import dev.lunasec.contract.VaultId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is said of an erasure, for good.
 *
 * @param vault in whose bucket the record was
 * @param record which was erased
 * @param object the data object, which was erased with it
 * @param erased when, in whole seconds
 * @param shares the numbers of the shares that were live, ascending. A copy of the record in a backup can be opened
 *     until they are destroyed
 */
public record ErasureClaims(VaultId vault, RecordId record, ObjectName object, Instant erased, List<Integer> shares) {

    /** These claims, with more shares. */
    public ErasureClaims withShares(List<Integer> live) {
        List<Integer> all = Stream.concat(shares.stream(), live.stream())
                .distinct()
                .sorted()
                .toList();
        return new ErasureClaims(vault, record, object, erased, all);
    }
}
