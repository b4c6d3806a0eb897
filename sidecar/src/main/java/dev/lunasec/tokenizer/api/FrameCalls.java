package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.FrameAccess;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.FrameCodes;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.vault.IdentifiedToken;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** What applications and frames ask for when a frame gets no cookie. */
final class FrameCalls {
    private FrameCalls() {}

    /** Makes a code. An application gets none for what it may not do itself, because it could redeem it. */
    static Route.Rest code(Call call) {
        SessionCodeRequest request = call.read(SessionCodeRequest.class);
        requireActions(call.caller(), request.purpose().actions());
        String holder = call.grantee(request.sessionId());
        Set<RecordId> records = new HashSet<>();
        for (String token : request.tokens()) {
            records.add(call.vault().identify(Token.parse(token)).recordId());
        }
        // The line of the audit log has room for one. Each call of the frame names its own.
        if (records.size() == 1) call.audit().record(records.iterator().next());
        // A caller without an issuer can name no session.
        String issuer = Objects.requireNonNull(call.caller().issuer());
        FrameAccess access = new FrameAccess(request.purpose(), issuer, holder, records);
        String application = call.vault().holder(call.caller(), "");
        SessionCodeAnswer answer = new SessionCodeAnswer(
                call.frames().code(application, access, request.nonce()), FrameCodes.LIFETIME.toSeconds());
        return () -> answer;
    }

    /**
     * Checks that a frame may name a token.
     *
     * @throws CallFailed {@link ErrorCode#NOT_ALLOWED} when its code was for other tokens
     */
    static void requireNamed(Caller caller, IdentifiedToken token) {
        FrameAccess frame = caller.frame();
        if (frame == null || frame.admits(token.recordId())) return;
        throw new CallFailed(
                ErrorCode.NOT_ALLOWED,
                "This access token is for other tokens; ask the application for a code that names this one.");
    }

    private static void requireActions(Caller caller, Set<Action> needed) {
        for (Action action : needed) {
            if (!caller.actions().contains(action)) throw new CallFailed(ErrorCode.NOT_ALLOWED, Route.without(action));
        }
    }
}
