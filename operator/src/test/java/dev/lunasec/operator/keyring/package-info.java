/** When a keyring may be made, and what one is. */
@NullMarked
package dev.lunasec.operator.keyring;

import org.jspecify.annotations.NullMarked;
