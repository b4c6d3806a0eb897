/**
 * Everything that two programs must agree on, each defined once with its writer and its reader: environment variables,
 * {@code settings.json}, the keyring's files, the names in the bucket, HTTP paths and error codes. Settings are parsed
 * once, at the start of a process; a wrong value stops the start, with its name and with what is allowed.
 */
@NullMarked
package dev.lunasec.contract;

import org.jspecify.annotations.NullMarked;
