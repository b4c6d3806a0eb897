package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How bodies become the records of requests. */
@Tag("pure")
class RequestJsonTest {
    @Test
    void fieldsOfNullAreAbsentAndFieldsThatNoRecordHasAreIgnored() {
        assertThat(read("{\"metadata\":null,\"size\":null,\"more\":[1]}", TokenizeRequest.class))
                .isEqualTo(new TokenizeRequest(null, null));
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
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                          | The field tokenId is missing; send a text.",
                "{\"tokenId\":null,\"sessionId\":\"s\"}      | The field tokenId is missing; send a text.",
                "{\"tokenId\":\"t\"}                         | The field sessionId is missing; send a text.",
                "{\"tokenId\":1,\"sessionId\":\"s\"}         | The field tokenId must be a text.",
                "{\"TOKENID\":1.5,\"sessionId\":\"s\"}       | The field tokenId must be a text.",
                "{\"tokenId\":true,\"sessionId\":\"s\"}      | The field tokenId must be a text.",
                "{\"tokenId\":[\"t\"],\"sessionId\":\"s\"}   | The field tokenId must be a text.",
                "{\"tokenId\":[],\"sessionId\":\"s\"}        | The field tokenId must be a text.",
                "{\"tokenId\":\"t\",\"sessionId\":{}}        | The field sessionId must be a text.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":0}   | The field uses must be a whole number from 1 to 2147483647.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":2147483648} | The field uses must be a whole number from 1 to 2147483647.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":1.0} | The field uses must be a whole number below 2^63.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":\"1\"} | The field uses must be a whole number below 2^63.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":\"\"} | The field uses must be a whole number below 2^63.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":true} | The field uses must be a whole number below 2^63.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":[1]} | The field uses must be a whole number below 2^63.",
                "{\"tokenId\":\"t\",\"sessionId\":\"s\",\"uses\":99999999999999999999} | The field uses must be a whole number below 2^63.",
                "{\"a\":1,\"A\":null} | The body names a field twice, in upper and lower case; send each once.",
            })
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
                "[]                  | The body must be a JSON object.",
            })
    void theSameHoldsForTokenize(String body, String message) {
        rejected(body, TokenizeRequest.class, message);
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
