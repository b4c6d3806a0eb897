/** Tests of the steps of a rotation. */
@NullMarked
package dev.lunasec.operator.rotation;

import org.jspecify.annotations.NullMarked;
