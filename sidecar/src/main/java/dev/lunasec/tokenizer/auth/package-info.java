/** Authenticates callers by a JWT or a ServiceAccount token. */
@NullMarked
package dev.lunasec.tokenizer.auth;

import org.jspecify.annotations.NullMarked;
