package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The sizes and durations that a vault allows.
 *
 * @param maximumObjectSize in bytes
 * @param requireSize whether tokenize requires the size of the value
 * @param urlLifetime of a signed URL, at most
 * @param defaultGrant how long a grant lasts if the call names no duration
 * @param maximumGrant how long a grant may last
 */
public record Limits(
        long maximumObjectSize,
        boolean requireSize,
        Duration urlLifetime,
        Duration defaultGrant,
        Duration maximumGrant) {

    /** The largest metadata of a record, in bytes of JSON. */
    public static final int METADATA = 16 << 10;

    /** Copies of values at the same time. Each may keep a connection to the store busy for minutes. */
    public static final int COPIES = 8;

    /**
     * Erasures at the same time, each of which keeps one of 64 connections to the store busy for a dozen requests. With
     * twice as many, one caller that erases invented tokens let other users wait for over a second on two processors.
     */
    public static final int ERASURES = 8;

    /** How long a further erasure waits for one of them to end. */
    static final Duration ERASURE_WAIT = Duration.ofSeconds(4);

    /** The most grants of one application that are valid at the same time; a managed Redis holds some of these. */
    static final int GRANTS_OF_APPLICATION = 100_000;

    /** The most grants that one session has by tokenizing, at the same time. */
    static final int GRANTS_OF_SESSION = 5_000;

    /** How long a token that expires may live: 100 years. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(36_525);

    private static final Duration SHORTEST_URL = Duration.ofSeconds(1);

    /** @throws CallFailed {@link ErrorCode#TOO_LARGE}, or {@link ErrorCode#BAD_REQUEST} when the size is missing */
    void check(byte[] metadata, OptionalLong size) {
        if (metadata.length > METADATA) {
            throw new CallFailed(ErrorCode.TOO_LARGE, "The metadata is over 16 KiB; store larger data as the value.");
        }
        if (size.isEmpty() && requireSize) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST, "This vault requires the size; write \"size\" with the number of bytes.");
        }
        if (size.isPresent()) checkSize(size.getAsLong());
    }

    /** @throws CallFailed {@link ErrorCode#TOO_LARGE} when a value may not have so many bytes */
    void checkSize(long size) {
        if (size <= maximumObjectSize) return;
        throw new CallFailed(
                ErrorCode.TOO_LARGE,
                "The value is over the maximum size of this vault, " + maximumObjectSize + " bytes.");
    }

    /**
     * @throws CallFailed {@link ErrorCode#BAD_DURATION} when a grant may not last that long, or lasts under a
     * millisecond
     */
    void check(Duration grant) {
        if (grant.toMillis() < 1) {
            throw new CallFailed(
                    ErrorCode.BAD_DURATION,
                    "A grant must last at least a millisecond; write a duration like 30m or 1h20m10s.");
        }
        if (grant.compareTo(maximumGrant) > 0) {
            throw new CallFailed(
                    ErrorCode.BAD_DURATION,
                    "The duration is over the maximum; write at most " + GoDuration.format(maximumGrant) + ".");
        }
    }

    /** @throws CallFailed {@link ErrorCode#BAD_REQUEST} when a token can not expire then */
    void check(Instant expires, Instant now) {
        if (!expires.isAfter(now)) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "The time in expiresAt is not in the future; write a later one, or leave the field out for a token"
                            + " that does not expire.");
        }
        if (expires.isAfter(now.plus(LONGEST_LIFE))) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "The time in expiresAt is more than 100 years ahead; write an earlier one, or leave the field out"
                            + " for a token that does not expire.");
        }
    }

    /**
     * How long a URL is valid under a grant: as long as the grant, within the limit, but no URL can be signed for less
     * than a second.
     */
    Duration urlLifetime(Duration grant) {
        Duration shorter = grant.compareTo(urlLifetime) < 0 ? grant : urlLifetime;
        return shorter.compareTo(SHORTEST_URL) < 0 ? SHORTEST_URL : shorter;
    }
}
