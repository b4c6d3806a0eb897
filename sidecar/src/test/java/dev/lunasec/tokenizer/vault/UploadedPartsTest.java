package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.MultipartUploads.Part;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sizes of parts, and which parts are a whole value. */
@Tag("pure")
class UploadedPartsTest {
    private static final long MIB = 1 << 20;
    private static final Limits LIMITS =
            new Limits(100, false, Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(1));
    private static final OptionalLong ANY = OptionalLong.empty();

    @Test
    void everyValueUpToFiveTebibytesFitsIntoTenThousandParts() {
        for (long size : new long[] {0, 1, 8 * MIB, 8 * MIB + 1, 80_000 * MIB, 80_000 * MIB + 1, 5L << 40}) {
            long each = UploadedParts.sizeOfParts(size);
            int count = UploadedParts.count(size);
            assertThat(each).isBetween(8 * MIB, 525 * MIB);
            assertThat(count).isBetween(1, 10_000);
            long whole = 0;
            for (int number = 1; number <= count; number++) {
                long part = UploadedParts.sizeOf(number, OptionalLong.of(size)).orElseThrow();
                if (number < count) assertThat(part).isEqualTo(each);
                whole += part;
            }
            assertThat(whole).isEqualTo(size);
            assertThatThrownBy(() -> UploadedParts.sizeOf(count + 1, OptionalLong.of(size)))
                    .hasMessageContaining("has " + count + " parts");
        }
        assertThat(UploadedParts.sizeOf(10_000, ANY)).isEmpty();
    }

    @Test
    void onlyAllPartsOfTheStoreInTheirOrderAreAWholeValue() {
        List<SentPart> sent = List.of(sent(1, "a"), sent(2, "\"b\""));
        assertThatCode(() -> UploadedParts.require(sent, List.of(part(1, "a"), part(2, "b")), ANY, LIMITS))
                .doesNotThrowAnyException();
        refused(sent, List.of(), "no part 1;");
        refused(sent, List.of(part(1, "a")), "no part 2;");
        refused(sent, List.of(part(2, "b")), "no part 1;");
        refused(sent, List.of(part(1, "a"), part(3, "b")), "no part 2;");
        refused(sent, List.of(part(1, "a"), part(2, "c")), "another part 2");
        refused(sent, List.of(part(1, "a"), part(2, "b"), part(3, "c")), "has 3 parts");
        refused(List.of(sent(2, "b")), List.of(part(2, "b")), "names no part 1");
        refused(List.of(sent(1, "a"), sent(1, "a")), List.of(part(1, "a")), "names no part 2");
    }

    @Test
    void thePartsHaveTheSizeThatWasAnnouncedAndNoMoreThanTheMaximum() {
        List<SentPart> sent = List.of(sent(1, "a"), sent(2, "b"));
        List<Part> stored = List.of(new Part(1, "a", 60), new Part(2, "b", 41));
        assertThatThrownBy(() -> UploadedParts.require(sent, stored, OptionalLong.of(100), LIMITS))
                .satisfies(failed -> failed(failed, ErrorCode.UPLOAD_INCOMPLETE));
        assertThatThrownBy(() -> UploadedParts.require(sent, stored, ANY, LIMITS))
                .satisfies(failed -> failed(failed, ErrorCode.TOO_LARGE));
    }

    private static void refused(List<SentPart> sent, List<Part> stored, String why) {
        assertThatThrownBy(() -> UploadedParts.require(sent, stored, ANY, LIMITS))
                .hasMessageContaining(why)
                .satisfies(failed -> failed(failed, ErrorCode.UPLOAD_INCOMPLETE));
    }

    private static void failed(Throwable failure, ErrorCode code) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }

    private static SentPart sent(int number, String etag) {
        return new SentPart(number, etag);
    }

    private static Part part(int number, String etag) {
        return new Part(number, etag, 10);
    }
}
