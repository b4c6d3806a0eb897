package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.MultipartUploads;
import dev.lunasec.s3.MultipartUploads.Part;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.List;
import java.util.OptionalLong;

/** Decides which sizes the parts of a value have, and whether the parts that the store has are the value. */
final class UploadedParts {
    private static final long MIB = 1 << 20;

    /** In bytes: a client can hold one in memory, and sends it again after a failure. */
    private static final long SMALLEST = 8 * MIB;

    private UploadedParts() {}

    /**
     * The size of each part but the last one of a value, in bytes: 8 MiB, or as many whole MiB as 10,000 parts need.
     *
     * @param size of the value in bytes
     */
    static long sizeOfParts(long size) {
        long least = Math.ceilDiv(size, MultipartUploads.MOST_PARTS);
        return Math.max(SMALLEST, Math.ceilDiv(least, MIB) * MIB);
    }

    /** How many parts a value has: at least one, which may be empty. */
    static int count(long size) {
        return (int) Math.max(1, Math.ceilDiv(size, sizeOfParts(size)));
    }

    /**
     * The size of one part in bytes; empty if the size of the value is not known.
     *
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST} if the value has no such part
     */
    static OptionalLong sizeOf(int number, OptionalLong size) {
        if (size.isEmpty()) return OptionalLong.empty();
        long whole = size.getAsLong();
        int count = count(whole);
        if (number > count) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "A value of " + whole + " bytes has " + count + " parts of " + sizeOfParts(whole)
                            + " bytes; ask for no later part.");
        }
        return OptionalLong.of(Math.min(sizeOfParts(whole), whole - (number - 1) * sizeOfParts(whole)));
    }

    /**
     * Makes sure that the parts are the whole value.
     *
     * @param sent by the caller, in the order of the numbers
     * @param stored what the store has, in that order
     * @param size that the caller announced
     * @throws CallFailed {@link ErrorCode#UPLOAD_INCOMPLETE} or {@link ErrorCode#TOO_LARGE}
     */
    static void require(List<SentPart> sent, List<Part> stored, OptionalLong size, Limits limits) {
        for (int i = 0; i < sent.size(); i++) {
            int number = i + 1;
            if (sent.get(i).number() != number) {
                throw incomplete(
                        "The call names no part " + number + "; name the parts from 1 on, each once, in order.");
            }
            if (i >= stored.size() || stored.get(i).number() != number) {
                throw incomplete("The store has no part " + number + "; send it, and complete the upload then.");
            }
            if (!stored.get(i)
                    .etag()
                    .equals(MultipartUploads.withoutQuotes(sent.get(i).etag()))) {
                throw incomplete("The store has another part " + number + " than the call names; send it again.");
            }
        }
        if (stored.size() > sent.size()) {
            throw incomplete("The store has " + stored.size() + " parts, and the call names only " + sent.size() + ".");
        }
        requireSize(stored.stream().mapToLong(Part::size).sum(), size, limits);
    }

    private static void requireSize(long whole, OptionalLong size, Limits limits) {
        if (size.isPresent() && size.getAsLong() != whole) {
            throw incomplete(
                    "The parts have " + whole + " bytes together, and " + size.getAsLong() + " bytes were announced.");
        }
        limits.checkSize(whole);
    }

    static CallFailed incomplete(String sentence) {
        return new CallFailed(ErrorCode.UPLOAD_INCOMPLETE, sentence);
    }
}
