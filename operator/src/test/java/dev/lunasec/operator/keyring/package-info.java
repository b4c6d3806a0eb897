/** Tests of the keyring format and of the decision whether one may be created. */
@NullMarked
package dev.lunasec.operator.keyring;

import org.jspecify.annotations.NullMarked;
