/** An application for the tests on a cluster. */
@NullMarked
package dev.lunasec.cluster;

import org.jspecify.annotations.NullMarked;
