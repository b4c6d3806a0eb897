package dev.lunasec.operator.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The model of {@link RotationModelTest} with more rotations: two, or as many as the system property {@code rotations}
 * says.
 */
@Tag("full")
class LargeRotationModelTest {
    private static final int ROTATIONS = Integer.getInteger("rotations", 2);

    @Test
    void inEveryStateTokensReadErasedOnesDoNotAndTheEndCanBeReached() {
        ModelSearch search = new ModelSearch(Rotation::next, ROTATIONS);
        assertThat(search.run()).isNull();
        assertThat(search.stuck()).isNull();
        System.out.println("The model of " + ROTATIONS + " rotations has " + search.states() + " states.");
    }
}
