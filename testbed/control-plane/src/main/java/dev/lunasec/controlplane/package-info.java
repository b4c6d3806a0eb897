/**
 * A real Kubernetes control plane on loopback, for tests and for the local system: gets the programs, starts and stops
 * them. It is no part of the product.
 */
@NullMarked
package dev.lunasec.controlplane;

import org.jspecify.annotations.NullMarked;
