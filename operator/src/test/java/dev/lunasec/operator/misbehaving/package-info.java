/** The operator against an API server that misbehaves on request: fabric8's mock server in front of the real one. */
@NullMarked
package dev.lunasec.operator.misbehaving;

import org.jspecify.annotations.NullMarked;
