/** Calls to other servers, each with a deadline and a bound on what it reads. */
@NullMarked
package dev.lunasec.storage.http;

import org.jspecify.annotations.NullMarked;
