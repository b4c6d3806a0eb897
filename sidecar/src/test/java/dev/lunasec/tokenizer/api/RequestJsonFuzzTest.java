package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** Every body is a request within its bounds, or is refused with a sentence that repeats nothing of it. */
@Tag("pure")
class RequestJsonFuzzTest {
    private static final List<Class<? extends Record>> SINGLE = List.of(
            TokenizeRequest.class,
            TokenRequest.class,
            GrantSetRequest.class,
            GrantVerifyRequest.class,
            GrantRevokeRequest.class);

    /** All sentences of the server. The only names in them are those of the records' fields. */
    private static final String SENTENCES = "The body (is not JSON, is nested deeper than 16, names a field twice, or"
            + " has a number with an exponent over 1000; send one JSON object"
            + "|must be a JSON object"
            + "|names a field twice, in upper and lower case; send each once"
            + "|names no grant; send tokenId, sessionId or both)\\."
            + "|The field (" + fields() + ") (is missing; send a text"
            + "|must be (a text|a JSON object|a list|a whole number below 2\\^63, without quotes|a whole"
            + " number from [0-9]+ to [0-9]+)"
            + "|is not a time; write one like 2030-12-31T23:59:59Z"
            + "|has half of a surrogate pair; send whole characters"
            + "|must hold 1 to 100 bodies of the route for one of them)\\.";

    @FuzzTest(maxDuration = "10m")
    void aBodyIsARequestOrIsRefused(byte[] body) throws IOException {
        for (boolean isBatch : new boolean[] {false, true}) {
            JsonNode json;
            try {
                json = RequestJson.parse(body, isBatch);
            } catch (CallFailed failed) {
                refused(failed);
                continue;
            }
            // A body of a batch may be deeper, and only its items are read as requests.
            if (isBatch) check(json, BatchRequest.class);
            else for (Class<? extends Record> request : SINGLE) check(json, request);
        }
    }

    private static void check(JsonNode json, Class<? extends Record> type) throws IOException {
        Optional<? extends Record> request = read(json, type);
        if (request.isEmpty()) return;
        // It was read from these fields and no others, so the same fields give the same request.
        assertThat(read(json.deepCopy(), type)).isEqualTo(request);
        switch (request.get()) {
            case TokenizeRequest tokenize -> {
                if (tokenize.size() != null) assertThat(tokenize.size()).isNotNegative();
                if (tokenize.expiresAt() != null) expires(tokenize);
                if (tokenize.metadata() != null) {
                    String kept = tokenize.metadata().toString();
                    assertThat(RequestJson.metadata(kept.getBytes(StandardCharsets.UTF_8)))
                            .hasToString(kept);
                }
            }
            case TokenRequest token -> assertThat(token.tokenId()).isNotNull();
            case GrantSetRequest set -> {
                assertThat(set.tokenId()).isNotNull();
                assertThat(set.sessionId()).isNotNull();
                if (set.uses() != null) assertThat(set.uses()).isBetween(1L, (long) Integer.MAX_VALUE);
            }
            case GrantVerifyRequest verify -> {
                assertThat(verify.tokenId()).isNotNull();
                assertThat(verify.sessionId()).isNotNull();
            }
            case GrantRevokeRequest revoke ->
                assertThat(revoke.tokenId() != null || revoke.sessionId() != null)
                        .isTrue();
            case BatchRequest batch -> {
                assertThat(batch.items()).hasSizeBetween(1, 100);
                for (JsonNode item : batch.items()) {
                    for (Class<? extends Record> single : SINGLE) check(item, single);
                }
            }
            default -> throw new AssertionError(type);
        }
    }

    private static Optional<? extends Record> read(JsonNode json, Class<? extends Record> type) {
        try {
            return Optional.of(RequestJson.read(json, type));
        } catch (CallFailed failed) {
            refused(failed);
            return Optional.empty();
        }
    }

    private static void expires(TokenizeRequest tokenize) {
        try {
            Instant expires = tokenize.expires();
            assertThat(expires != null && expires.equals(expires.truncatedTo(ChronoUnit.SECONDS)))
                    .isTrue();
        } catch (CallFailed failed) {
            refused(failed);
        }
    }

    private static void refused(CallFailed failed) {
        assertThat(failed.failure()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(failed.sentence()).matches(SENTENCES);
    }

    private static String fields() {
        return Stream.concat(SINGLE.stream(), Stream.of(BatchRequest.class))
                .flatMap(request -> Arrays.stream(request.getRecordComponents()))
                .map(RecordComponent::getName)
                .distinct()
                .collect(Collectors.joining("|"));
    }
}
