/** The generator of the CRD, and the tests that hold it against the real API server. */
@NullMarked
package dev.lunasec.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
