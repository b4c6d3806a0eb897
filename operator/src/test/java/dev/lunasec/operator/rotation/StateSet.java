package dev.lunasec.operator.rotation;

/** A set of pairs of numbers that remembers in which order they came, without an object for each. */
final class StateSet {
    private static final int FIRST = 1 << 20;

    private long[] states = new long[2 * FIRST];
    private int[] table = new int[2 * FIRST];
    private int size;

    int size() {
        return size;
    }

    long[] get(int index) {
        return new long[] {states[2 * index], states[2 * index + 1]};
    }

    /** The place of a pair, -1 when it is not here. */
    int indexOf(long[] state) {
        int at = table[slot(state)];
        return at - 1;
    }

    boolean add(long[] state) {
        int slot = slot(state);
        if (table[slot] != 0) return false;
        if (2 * size == states.length) states = java.util.Arrays.copyOf(states, 2 * states.length);
        states[2 * size] = state[0];
        states[2 * size + 1] = state[1];
        table[slot] = ++size;
        if (2 * size > table.length) grow();
        return true;
    }

    private void grow() {
        table = new int[2 * table.length];
        for (int i = 0; i < size; i++) table[slot(get(i))] = i + 1;
    }

    /** Where the pair stands, or would. */
    private int slot(long[] state) {
        int mask = table.length - 1;
        long hash = (state[0] * 0x9E3779B97F4A7C15L + state[1]) * 0xC2B2AE3D27D4EB4FL;
        int slot = (int) (hash >>> 32) & mask;
        while (table[slot] != 0) {
            int at = table[slot] - 1;
            if (states[2 * at] == state[0] && states[2 * at + 1] == state[1]) break;
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
