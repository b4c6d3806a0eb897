package dev.lunasec.s3;

/**
 * What a run of the {@link Canary} found out.
 *
 * @param singleUse what the store does with a second upload with the same URL
 */
public record CanaryResult(StoreStatus status, SingleUse singleUse) {

    /** What a store does with a second upload with the same URL. */
    public enum SingleUse {
        /** It rejected the upload with 412. */
        ENFORCED,
        /** It accepted the upload. */
        IGNORED,
        /** It gave another answer, or the test ended earlier. */
        UNKNOWN
    }

    /**
     * Whether the store rejects a second upload with the same URL.
     *
     * @param before what an earlier test found, which holds while this one found nothing out
     */
    public boolean singleUseUploads(boolean before) {
        return switch (singleUse) {
            case ENFORCED -> true;
            case IGNORED -> false;
            case UNKNOWN -> before;
        };
    }
}
