package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.api.Places.Place;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.vault.IdentifiedToken;
import dev.lunasec.tokenizer.vault.Vault;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The Simple API of the original, which asks for no credentials and no grants: who connects can store a value, and who
 * has a token of this API can read its value. Tokens of other callers are unknown to it.
 */
final class SimpleRoutes {
    /** What a route does with the body of a call. */
    private interface Work {
        Object answer(JsonNode json, AuditContext audit);
    }

    private final Vault vault;
    private final Places places;

    SimpleRoutes(Vault vault, Places places) {
        this.vault = vault;
        this.places = places;
    }

    /** The routes, which all take {@code POST}. */
    Map<String, Service> byPath() {
        return Map.of(
                HttpPaths.SIMPLE_TOKENIZE, (ctx, audit) -> serve(ctx, audit, this::tokenize),
                HttpPaths.SIMPLE_DETOKENIZE, (ctx, audit) -> serve(ctx, audit, this::detokenize));
    }

    private void serve(Context ctx, AuditContext audit, Work work) throws IOException {
        try (Place counted = places.countAnonymous()) {
            byte[] body = JsonBody.read(ctx, 1);
            try (Place place = places.takeAnonymous()) {
                Object answer = work.answer(RequestJson.parse(body, false), audit);
                Answers.json(ctx, 200, Envelope.success(answer));
                audit.succeeded();
            }
        }
    }

    private Object tokenize(JsonNode json, AuditContext audit) {
        TokenizeRequest request = RequestJson.read(json, TokenizeRequest.class);
        if (request.expiresAt() != null) {
            throw RequestJson.bad("The Simple API makes no tokens that expire; send expiresAt to /tokenize.");
        }
        OptionalLong size = request.size() == null ? OptionalLong.empty() : OptionalLong.of(request.size());
        NewToken made = vault.beginSimple(Route.bytes(request.metadata()), size);
        audit.record(made.token().recordId());
        SignedRequest upload = vault.store(made);
        return new TokenizeAnswer(made.token().token().text(), upload.url(), upload.headers());
    }

    private Object detokenize(JsonNode json, AuditContext audit) {
        SimpleDetokenizeRequest request = RequestJson.read(json, SimpleDetokenizeRequest.class);
        IdentifiedToken token = vault.identify(token(request.tokenId()));
        audit.record(token.recordId());
        SignedRequest download = vault.downloadSimple(token);
        return new DetokenizeAnswer(download.url(), download.headers());
    }

    /** With the code of the original. */
    private static Token token(String text) {
        try {
            return Token.parse(text);
        } catch (CallFailed e) {
            throw new CallFailed(ErrorCode.BAD_TOKEN_ID, e.sentence());
        }
    }
}
