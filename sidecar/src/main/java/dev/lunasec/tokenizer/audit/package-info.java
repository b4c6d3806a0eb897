/** Who did what with which record, for those who must be able to tell later. */
@NullMarked
package dev.lunasec.tokenizer.audit;

import org.jspecify.annotations.NullMarked;
