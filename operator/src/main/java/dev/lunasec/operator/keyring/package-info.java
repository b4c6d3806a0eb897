/** The keyring, and the decision whether one may be made: the one thing in a vault that cannot be had again. */
@NullMarked
package dev.lunasec.operator.keyring;

import org.jspecify.annotations.NullMarked;
