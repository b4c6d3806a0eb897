package dev.lunasec.tokenizer.api;

import static dev.lunasec.contract.ErrorCode.BAD_DURATION;
import static dev.lunasec.contract.ErrorCode.ERASURE_INCOMPLETE;
import static dev.lunasec.contract.ErrorCode.GRANTS_FULL;
import static dev.lunasec.contract.ErrorCode.INTERNAL;
import static dev.lunasec.contract.ErrorCode.STOPPING;
import static dev.lunasec.contract.ErrorCode.TOO_LARGE;
import static dev.lunasec.contract.ErrorCode.UNKNOWN_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The HTTP contract names for each route the error codes that its code may answer with: all of them, and no others. */
@Tag("pure")
class OpenApiErrorsTest {
    private static final OpenApiDocument DOCUMENT = new OpenApiDocument();

    /**
     * Codes on a way that no call of the route takes.
     *
     * @param why no call takes it
     */
    private record Impossible(Route route, ErrorCode code, String why) {}

    private static final List<Impossible> IMPOSSIBLE = List.of(
            new Impossible(Route.TOKENIZE, UNKNOWN_TOKEN, "nobody has erased a token that is being made"),
            new Impossible(Route.TOKENIZE, BAD_DURATION, "the settings bound the default duration"),
            new Impossible(Route.TOKENIZE, ErrorCode.CORRUPT_RECORD, "no call waits for a copy of a record"),
            new Impossible(Route.GRANT_SET, ErrorCode.CORRUPT_RECORD, "no call waits for a copy of a record"),
            new Impossible(Route.GRANT_SET, ErrorCode.STORAGE_UNAVAILABLE, "no call waits for a copy of a record"),
            new Impossible(Route.GRANT_SET, ErrorCode.WRONG_BUCKET, "no call waits for a copy of a record"),
            new Impossible(Route.UPLOAD_START, UNKNOWN_TOKEN, "nobody has erased a token that is being made"),
            new Impossible(Route.UPLOAD_START, BAD_DURATION, "the settings bound the default duration"),
            new Impossible(Route.UPLOAD_PARTS, GRANTS_FULL, "store.lua works when Redis is full"),
            new Impossible(Route.UPLOAD_COMPLETE, GRANTS_FULL, "store.lua works when Redis is full"),
            new Impossible(Route.UPLOAD_ABORT, GRANTS_FULL, "store.lua works when Redis is full"),
            new Impossible(Route.DETOKENIZE, GRANTS_FULL, "read.lua works when Redis is full"),
            new Impossible(Route.METADATA_GET, GRANTS_FULL, "read.lua works when Redis is full"),
            new Impossible(Route.GRANT_VERIFY, GRANTS_FULL, "verify.lua works when Redis is full"),
            new Impossible(Route.GRANT_REVOKE, GRANTS_FULL, "revoke.lua works when Redis is full"),
            new Impossible(Route.ERASE, GRANTS_FULL, "erase.lua and longest.lua work when Redis is full"),
            new Impossible(
                    Route.REKEY, ERASURE_INCOMPLETE, "the caller is told why the rekey failed, not its clean-up"));

    /** A batch itself fails only as its body does: what an item fails with is in the answer. */
    @ParameterizedTest
    @EnumSource(Route.class)
    @SuppressWarnings("GetClassOnEnum") // The class of the constant, which has its own method begin.
    void theFileNamesTheCodesThatTheCodeOfARouteMayAnswer(Route route) {
        Set<ErrorCode> code = ofEveryRoute();
        code.addAll(ReachableErrors.from(route.getClass(), "begin", "serve"));
        IMPOSSIBLE.stream()
                .filter(impossible -> impossible.route == route)
                .forEach(impossible -> assertThat(code.remove(impossible.code))
                        .as("%s", impossible)
                        .isTrue());
        assertThat(ofFile(route.path)).as(route.path).isEqualTo(code);
    }

    /** While the Simple API is off, its routes do not exist. A missing token is found by the record of the request. */
    @Test
    void theRoutesOfTheSimpleApiFailAsTheirCodeDoes() {
        Set<ErrorCode> tokenize = simple("tokenize");
        assertThat(tokenize.removeAll(Set.of(ErrorCode.CORRUPT_RECORD, ErrorCode.GRANTS_UNAVAILABLE, GRANTS_FULL)))
                .as("no call waits for a copy of a record")
                .isTrue();
        assertThat(ofFile(HttpPaths.SIMPLE_TOKENIZE)).isEqualTo(tokenize);
        Set<ErrorCode> detokenize = simple("detokenize");
        detokenize.add(ErrorCode.NO_TOKEN_ID);
        assertThat(detokenize.remove(ErrorCode.MALFORMED_TOKEN))
                .as("becomes badTokenId")
                .isTrue();
        assertThat(detokenize.remove(GRANTS_FULL))
                .as("read.lua works when Redis is full")
                .isTrue();
        assertThat(ofFile(HttpPaths.SIMPLE_DETOKENIZE)).isEqualTo(detokenize);
    }

    private static Set<ErrorCode> simple(String method) {
        Set<ErrorCode> codes = ReachableErrors.from(SimpleRoutes.class, "serve", "answer");
        codes.addAll(ReachableErrors.from(SimpleRoutes.class, method, ""));
        codes.addAll(Set.of(INTERNAL, STOPPING, ErrorCode.NO_SUCH_ROUTE));
        return codes;
    }

    @ParameterizedTest
    @EnumSource(PublicRoute.class)
    void aRouteWithoutCredentialsFailsOnlyAsTheWebServerDoes(PublicRoute route) {
        assertThat(ofFile(route.path)).isEqualTo(EnumSet.of(TOO_LARGE, INTERNAL, STOPPING));
    }

    @ParameterizedTest
    @CsvSource({"/session/ensure, ensure", "/session/create, create", "/session/verify, verify"})
    void theFileNamesTheCodesThatTheCodeOfALoginMayAnswer(String path, String method) {
        Set<ErrorCode> code = EnumSet.of(TOO_LARGE, INTERNAL, STOPPING);
        code.addAll(ReachableErrors.from(SessionRoutes.class, method, ""));
        // take-login.lua works when Redis is full.
        if (method.equals("create")) assertThat(code.remove(GRANTS_FULL)).isTrue();
        assertThat(ofFile(path)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({HttpPaths.FRAME + ", page", HttpPaths.FRAME_FILE + ", pageFile", HttpPaths.COMPONENTS + ", components"})
    void theFileNamesTheCodesThatTheCodeOfTheFrameMayAnswer(String path, String method) {
        Set<ErrorCode> code = EnumSet.of(TOO_LARGE, INTERNAL, STOPPING);
        code.addAll(ReachableErrors.from(FrameRoutes.class, method, ""));
        // The web server refuses a path that is none; without a parameter it is another path.
        if (path.contains("{")) code.add(ErrorCode.BAD_REQUEST);
        assertThat(ofFile(path)).isEqualTo(code);
    }

    @Test
    void theFileNamesTheCodesThatARedemptionMayAnswer() {
        Set<ErrorCode> code = EnumSet.of(INTERNAL, STOPPING);
        code.addAll(ReachableErrors.from(RedeemRoute.class, "serve", ""));
        assertThat(code.remove(GRANTS_FULL))
                .as("take-login.lua works when Redis is full")
                .isTrue();
        assertThat(code.remove(ErrorCode.NOT_ALLOWED))
                .as("a frame names no other session")
                .isTrue();
        assertThat(ofFile(HttpPaths.SESSION_REDEEM)).isEqualTo(code);
    }

    @Test
    void theFileNamesTheCodesThatTheEndOfALoginMayAnswer() {
        Set<ErrorCode> code = EnumSet.of(TOO_LARGE, INTERNAL, STOPPING);
        code.addAll(ReachableErrors.from(SessionEndRoute.class, "serve", ""));
        assertThat(ofFile(HttpPaths.SESSION_END)).isEqualTo(code);
    }

    @Test
    void everyCodeIsOfSomeRouteOrSaidToBeOfNone() {
        Set<ErrorCode> ofRoutes = EnumSet.noneOf(ErrorCode.class);
        for (Route route : Route.values()) ofRoutes.addAll(ofFile(route.path));
        for (String path : SessionRoutes.BY_PATH.keySet()) ofRoutes.addAll(ofFile(path));
        for (String path : FrameRoutes.PATHS) ofRoutes.addAll(ofFile(path));
        ofRoutes.addAll(ofFile(HttpPaths.SESSION_REDEEM));
        for (String path : OpenApiTest.SIMPLE) ofRoutes.addAll(ofFile(path));
        assertThat(EnumSet.complementOf(EnumSet.copyOf(ofRoutes)))
                .containsExactlyInAnyOrder(ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.TOKENIZER_UNAVAILABLE);
        assertThat(DOCUMENT.root().at("/info/description").textValue())
                .contains("noSuchRoute", "methodNotAllowed", "tokenizerUnavailable");
    }

    /** What happens before the route itself, and what the server answers when a route fails or it stops. */
    private static Set<ErrorCode> ofEveryRoute() {
        Set<ErrorCode> codes = ReachableErrors.from(TokenizerServer.class, "decide", "begin");
        codes.addAll(Set.of(INTERNAL, STOPPING));
        return codes;
    }

    private static Set<ErrorCode> ofFile(String path) {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        for (JsonNode response : DOCUMENT.responses(path).values()) {
            for (String example : DOCUMENT.examples(response)) {
                Arrays.stream(ErrorCode.values())
                        .filter(code -> code.code().equals(example))
                        .forEach(codes::add);
            }
        }
        return codes;
    }
}
