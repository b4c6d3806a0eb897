/**
 * What every process of a vault needs: logs without secrets, the management port, trust stores, files that are
 * reloaded, and bounded HTTP calls.
 */
@NullMarked
package dev.lunasec.runtime;

import org.jspecify.annotations.NullMarked;
