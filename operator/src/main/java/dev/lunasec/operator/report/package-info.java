/** Tells people what the operator observed: the status of the resource, Events, and metrics. */
@NullMarked
package dev.lunasec.operator.report;

import org.jspecify.annotations.NullMarked;
