/** From {@code helm install} to an app pod that stores and reads, and everything dying on the way. */
@NullMarked
package dev.lunasec.cluster;

import org.jspecify.annotations.NullMarked;
