package dev.lunasec.operator.bucket;

/**
 * What a bucket holds, old versions included where the store lists them. The canary's objects and the own identity do
 * not count.
 */
public enum BucketContents {
    /** The bucket holds nothing. */
    EMPTY,
    /** The bucket holds objects in the folders of a vault. */
    VAULT,
    /** The bucket holds objects that no vault has written. */
    FOREIGN
}
