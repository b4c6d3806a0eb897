/** Records and data objects in the bucket, and the signed URLs by which clients reach the latter. */
@NullMarked
package dev.lunasec.tokenizer.store;

import org.jspecify.annotations.NullMarked;
