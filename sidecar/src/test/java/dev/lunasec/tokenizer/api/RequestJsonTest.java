package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bodies become the records of requests. */
@Tag("pure")
class RequestJsonTest {
    @Test
    void fieldsOfNullAreAbsentAndFieldsThatNoRecordHasAreIgnored() {
        assertThat(read("{\"metadata\":null,\"size\":null,\"more\":[1]}", TokenizeRequest.class))
                .isEqualTo(new TokenizeRequest(null, null, null));
        assertThat(read("{\"tokenID\":\"a\",\"SESSIONid\":\"\",\"Uses\":7}", GrantSetRequest.class))
                .isEqualTo(new GrantSetRequest("a", "", null, null, 7L));
    }

    @Test
    void metadataIsReadAsItWasWritten() {
        TokenizeRequest request =
                read("{\"metadata\":{\"A\":1.50,\"a\":[null,1e2],\"n\":null}}", TokenizeRequest.class);
        assertThat(request.metadata()).hasToString("{\"A\":1.50,\"a\":[null,1E+2],\"n\":null}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                | The field tokenId is missing; send a text.
            {"tokenId":null,"sessionId":"s"}  | The field tokenId is missing; send a text.
            {"tokenId":"t"}                   | The field sessionId is missing; send a text.
            {"tokenId":1,"sessionId":"s"}     | The field tokenId must be a text.
            {"TOKENID":1.5,"sessionId":"s"}   | The field tokenId must be a text.
            {"tokenId":true,"sessionId":"s"}  | The field tokenId must be a text.
            {"tokenId":["t"],"sessionId":"s"} | The field tokenId must be a text.
            {"tokenId":[],"sessionId":"s"}    | The field tokenId must be a text.
            {"tokenId":"t","sessionId":{}}    | The field sessionId must be a text.
            {"tokenId":"t","sessionId":"s","uses":0} | The field uses must be a whole number from 1 to 2147483647.
            {"tokenId":"t","sessionId":"s","uses":2147483648} \
                | The field uses must be a whole number from 1 to 2147483647.
            {"tokenId":"t","sessionId":"s","uses":1.0} \
                | The field uses must be a whole number below 2^63, without quotes.
            {"tokenId":"t","sessionId":"s","uses":"1"} \
                | The field uses must be a whole number below 2^63, without quotes.
            {"tokenId":"t","sessionId":"s","uses":""} \
                | The field uses must be a whole number below 2^63, without quotes.
            {"tokenId":"t","sessionId":"s","uses":true} \
                | The field uses must be a whole number below 2^63, without quotes.
            {"tokenId":"t","sessionId":"s","uses":[1]} \
                | The field uses must be a whole number below 2^63, without quotes.
            {"tokenId":"t","sessionId":"s","uses":99999999999999999999} \
                | The field uses must be a whole number below 2^63, without quotes.
            {"a":1,"A":null}                  | The body names a field twice, in upper and lower case; send each once.
            """)
    void whatIsWrongIsNamed(String body, String message) {
        rejected(body, GrantSetRequest.class, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"metadata\":[]}   | The field metadata must be a JSON object.",
                "{\"metadata\":\"\"} | The field metadata must be a JSON object.",
                "{\"metadata\":1}    | The field metadata must be a JSON object.",
                "{\"size\":-1}       | The field size must be a whole number from 0 to 9223372036854775807.",
                "{\"expiresAt\":1}   | The field expiresAt must be a text.",
                "[]                  | The body must be a JSON object.",
            })
    void theSameHoldsForTokenize(String body, String message) {
        rejected(body, TokenizeRequest.class, message);
    }

    @ParameterizedTest
    @CsvSource({
        "2030-12-31T23:59:59Z, 2030-12-31T23:59:59Z",
        "2030-12-31t23:59:59z, 2030-12-31T23:59:59Z",
        "2030-12-31T23:59:59.999999999Z, 2030-12-31T23:59:59Z",
        "2031-01-01T01:30:00+01:30, 2031-01-01T00:00:00Z",
        "2030-12-31T23:59:59-00:00, 2030-12-31T23:59:59Z",
    })
    void aTimeIsReadInWholeSeconds(String text, Instant time) {
        TokenizeRequest request = read("{\"EXPIRESAT\":\"" + text + "\"}", TokenizeRequest.class);
        assertThat(request.expires()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "never",
                "1924991999",
                "2030-12-31",
                "2030-12-31T23:59Z",
                "2030-12-31T23:59:59",
                "2030-12-31 23:59:59Z",
                " 2030-12-31T23:59:59Z",
                "+12030-12-31T23:59:59Z",
                "2030-02-30T23:59:59Z",
                "2030-12-31T24:00:00Z",
                "2030-12-31T23:59:60Z",
                "2030-12-31T23:59:59+24:00",
                "2030-12-31T23:59:59.Z",
                "２０３０-12-31T23:59:59Z",
                "P1D"
            })
    void whatIsNoTimeIsRejected(String text) {
        TokenizeRequest request = read("{\"expiresAt\":\"" + text + "\"}", TokenizeRequest.class);
        assertThatThrownBy(request::expires)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessage("The field expiresAt is not a time; write one like 2030-12-31T23:59:59Z.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                      | The field part is missing; send a whole number.
            1                       | Each entry of the field parts must be a JSON object.
            []                      | Each entry of the field parts must be a JSON object.
            {"part":"1","etag":"e"} | The field part must be a whole number below 2^63, without quotes.
            {"part":1,"etag":2}     | The field etag must be a text.
            """)
    void whatIsWrongInAnEntryOfAListIsNamed(String entry, String message) {
        rejected(
                "{\"tokenId\":\"t\",\"uploadId\":\"u\",\"parts\":[{\"part\":1,\"etag\":\"e\"}," + entry + "]}",
                UploadCompleteRequest.class,
                message);
    }

    private static void rejected(String body, Class<?> request, String message) {
        assertThatThrownBy(() -> read(body, request))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessage(message);
    }

    private static <T> T read(String body, Class<T> request) {
        return RequestJson.read(RequestJson.parse(body.getBytes(StandardCharsets.UTF_8), false), request);
    }
}
