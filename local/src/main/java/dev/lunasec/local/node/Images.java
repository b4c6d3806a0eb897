package dev.lunasec.local.node;

import java.util.List;
import java.util.Map;

/** What an image means on a node without containers: which program it is. */
public interface Images {
    /**
     * A program.
     *
     * @param command what to run
     * @param environment on top of what the pod says
     */
    record Program(List<String> command, Map<String, String> environment) {}

    /**
     * Finds the program of an image.
     *
     * @param arguments of the container, its paths already those of this machine
     * @param pod the address and the folders of the pod
     * @throws IllegalArgumentException with a sentence when there is no such image
     */
    Program program(String image, List<String> arguments, PodPlace pod);

    /**
     * A command that is to run beside the program, as in its container.
     *
     * @param command its paths already those of this machine
     */
    Program inside(String image, List<String> command, PodPlace pod);
}
