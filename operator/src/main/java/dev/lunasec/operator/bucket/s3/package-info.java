/** Reads and changes the bucket over the S3 API. */
@NullMarked
package dev.lunasec.operator.bucket.s3;

import org.jspecify.annotations.NullMarked;
