/** The generator of the CRD, and tests of the CRD with and without a real API server. */
@NullMarked
package dev.lunasec.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
