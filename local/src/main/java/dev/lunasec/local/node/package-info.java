/**
 * A node that runs pods as processes: it binds pods, gives each a loopback address, writes its volumes as files, probes
 * it and reports its status. A development tool: there is no isolation of any kind.
 */
@NullMarked
package dev.lunasec.local.node;

import org.jspecify.annotations.NullMarked;
