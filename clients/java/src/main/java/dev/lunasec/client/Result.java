package dev.lunasec.client;

/** What became of one item of a batch. */
public sealed interface Result<T> {
    /** The item was served. */
    record Done<T>(T value) implements Result<T> {}

    /** The item failed, and the others did not because of it. */
    record Failed<T>(TokenizerException failure) implements Result<T> {}

    /**
     * Returns the value.
     *
     * @throws TokenizerException when the item failed
     */
    default T get() {
        return switch (this) {
            case Done<T> done -> done.value();
            case Failed<T> failed -> throw failed.failure();
        };
    }
}
