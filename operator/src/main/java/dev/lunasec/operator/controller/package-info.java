/** Receives events for vaults and runs one pass at a time: observe, reconcile the dependents, report, take one step of a rotation. */
@NullMarked
package dev.lunasec.operator.controller;

import org.jspecify.annotations.NullMarked;
