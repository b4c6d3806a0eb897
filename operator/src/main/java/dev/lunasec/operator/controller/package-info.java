/**
 * Decides when a pass of a vault runs, and runs it: observe, reconcile the objects, report, take one step of a
 * rotation.
 */
@NullMarked
package dev.lunasec.operator.controller;

import org.jspecify.annotations.NullMarked;
