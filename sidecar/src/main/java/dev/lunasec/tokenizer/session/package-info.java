/** Sessions of browsers: the login at an issuer, the cookie that it makes, and the requests that may use the cookie. */
@NullMarked
package dev.lunasec.tokenizer.session;

import org.jspecify.annotations.NullMarked;
