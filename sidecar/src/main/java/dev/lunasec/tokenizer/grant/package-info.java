/**
 * Grants: which session may do what with which record, until when; and the states of logins. They may be lost; then
 * callers are refused.
 */
@NullMarked
package dev.lunasec.tokenizer.grant;

import org.jspecify.annotations.NullMarked;
