/**
 * Benchmarks. Each is a test class of the ring {@code stores}, so that the build compiles it and a script can run it
 * alone.
 */
@NullMarked
package dev.lunasec.bench;

import org.jspecify.annotations.NullMarked;
