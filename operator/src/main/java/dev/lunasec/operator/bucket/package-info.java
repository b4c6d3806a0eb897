/**
 * The bucket of a vault: what the resource asks for, what the store says, and a pure plan of the difference. A setting
 * that the store does not know is no error.
 */
@NullMarked
package dev.lunasec.operator.bucket;

import org.jspecify.annotations.NullMarked;
