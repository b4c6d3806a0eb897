/** Who calls: from a JWT or the token of a ServiceAccount to a {@link dev.lunasec.tokenizer.auth.Caller}. */
@NullMarked
package dev.lunasec.tokenizer.auth;

import org.jspecify.annotations.NullMarked;
