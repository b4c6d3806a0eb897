/** Sessions of browsers: the login at an issuer, the cookie that it ends with, and which requests may use the cookie. */
@NullMarked
package dev.lunasec.tokenizer.session;

import org.jspecify.annotations.NullMarked;
