/** The conditions under which a dependent exists, one class each. */
@NullMarked
package dev.lunasec.operator.dependent.condition;

import org.jspecify.annotations.NullMarked;
