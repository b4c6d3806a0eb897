/**
 * Sessions of browsers: the login at an issuer, the cookie that it makes, and the requests that may use the cookie; and
 * the codes of frames that get no cookie.
 */
@NullMarked
package dev.lunasec.tokenizer.session;

import org.jspecify.annotations.NullMarked;
