/** Observes and changes a bucket over the S3 API, as {@link dev.lunasec.operator.bucket.BucketPlan} decides. */
@NullMarked
package dev.lunasec.operator.bucket.s3;

import org.jspecify.annotations.NullMarked;
