/** Benchmarks, all of them in the tests of this module: the program of {@code .ci/bench}, and test classes. */
@NullMarked
package dev.lunasec.bench;

import org.jspecify.annotations.NullMarked;
