package dev.lunasec.operator.overlapping;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** {@link OverlappingOperators} for each write of a part of a vault's life. */
final class EveryStaleWrite {
    /** What both operators work on: {@link OverlappingOperators#bind} or {@link OverlappingOperators#rotate}. */
    interface Overlap {
        Map<Integer, String> in(OverlappingOperators operators, List<Integer> numbers);
    }

    private EveryStaleWrite() {}

    /**
     * Goes on until there is a number that is higher than that of the last write.
     *
     * @return the writes before which the first operator was stopped, by number
     */
    static Map<Integer, String> of(Overlap overlap) throws Exception {
        Map<Integer, String> stopped = new TreeMap<>();
        for (int from = 1; ; from += OverlappingOperators.VAULTS) {
            List<Integer> numbers = IntStream.range(from, from + OverlappingOperators.VAULTS)
                    .boxed()
                    .toList();
            try (OverlappingOperators operators = new OverlappingOperators()) {
                Map<Integer, String> now = overlap.in(operators, numbers);
                stopped.putAll(now);
                if (now.size() < numbers.size()) break;
            }
        }
        System.out.println("The first operator was stopped before these writes: " + stopped);
        return stopped;
    }
}
