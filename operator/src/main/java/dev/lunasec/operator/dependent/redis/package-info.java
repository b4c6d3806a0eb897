/** The objects of the managed Redis, which holds the grants. */
@NullMarked
package dev.lunasec.operator.dependent.redis;

import org.jspecify.annotations.NullMarked;
