/** Certificates that are renewed while the process runs. */
@NullMarked
package dev.lunasec.tokenizer.tls;

import org.jspecify.annotations.NullMarked;
