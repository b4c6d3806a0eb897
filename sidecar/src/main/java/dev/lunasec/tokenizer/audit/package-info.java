/** The audit log: who did what with which record. */
@NullMarked
package dev.lunasec.tokenizer.audit;

import org.jspecify.annotations.NullMarked;
