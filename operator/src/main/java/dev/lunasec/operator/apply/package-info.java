/** Writes that no dependent makes: the steps of a rotation, the changes of keyring Secrets, and the deletion of a vault. */
@NullMarked
package dev.lunasec.operator.apply;

import org.jspecify.annotations.NullMarked;
