/** What a pass observed of a vault, and the names, labels and annotations of its objects. */
@NullMarked
package dev.lunasec.operator.model;

import org.jspecify.annotations.NullMarked;
