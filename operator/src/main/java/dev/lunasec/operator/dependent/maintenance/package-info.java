/** The Jobs that move and delete records: rewrap and sweep. */
@NullMarked
package dev.lunasec.operator.dependent.maintenance;

import org.jspecify.annotations.NullMarked;
