/** The writes that no dependent makes: the steps of a rotation, and the deletion of a vault. */
@NullMarked
package dev.lunasec.operator.apply;

import org.jspecify.annotations.NullMarked;
