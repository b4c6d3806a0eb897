package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.session.FrameSessions;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.vault.IdentifiedToken;
import dev.lunasec.tokenizer.vault.Vault;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import java.util.OptionalLong;

/**
 * A call whose caller may use its route.
 *
 * @param holder the pseudonym of the caller's session
 * @param body or the item of a batch
 * @param audit takes what the call names, for the audit line
 */
record Call(
        Vault vault,
        Batches batches,
        FrameSessions frames,
        Caller caller,
        String holder,
        JsonNode body,
        AuditContext audit) {

    /** The call of an item of this batch. */
    Call of(JsonNode item, AuditContext decision) {
        return new Call(vault, batches, frames, caller, holder, item, decision);
    }

    /** The body as the record of its route. */
    <T> T read(Class<T> request) {
        return RequestJson.read(body, request);
    }

    /** Begins to make the token that a {@link TokenizeRequest} asks for. */
    NewToken newToken() {
        TokenizeRequest request = read(TokenizeRequest.class);
        OptionalLong size = request.size() == null ? OptionalLong.empty() : OptionalLong.of(request.size());
        NewToken made = vault.begin(caller, holder, Route.bytes(request.metadata()), size, request.expires());
        audit.record(made.token().recordId());
        return made;
    }

    /** The token of a request whose body holds nothing else. */
    IdentifiedToken token() {
        return token(read(TokenRequest.class).tokenId());
    }

    /** A token that the request names. */
    IdentifiedToken token(String tokenId) {
        IdentifiedToken token = vault.identify(Token.parse(tokenId));
        audit.record(token.recordId());
        FrameCalls.requireNamed(caller, token);
        return token;
    }

    /** The pseudonym of a session that the request names. */
    String grantee(String sessionId) {
        String grantee = vault.holder(caller, sessionId);
        audit.grantee(grantee);
        return grantee;
    }

    /** Without the body and the session. */
    @Override
    public String toString() {
        return "Call[hidden]";
    }
}
