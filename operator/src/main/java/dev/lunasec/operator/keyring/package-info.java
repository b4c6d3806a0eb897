/**
 * The keyring: the format of its Secrets, and the decision whether the operator may create one. A lost keyring cannot
 * be recreated, and no record can be opened without it. Pure functions.
 */
@NullMarked
package dev.lunasec.operator.keyring;

import org.jspecify.annotations.NullMarked;
