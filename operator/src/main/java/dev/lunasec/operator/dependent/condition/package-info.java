/** When a dependent is wanted: one class for each condition. */
@NullMarked
package dev.lunasec.operator.dependent.condition;

import org.jspecify.annotations.NullMarked;
