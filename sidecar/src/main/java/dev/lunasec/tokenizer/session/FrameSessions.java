package dev.lunasec.tokenizer.session;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.FrameAccess;
import dev.lunasec.tokenizer.auth.FrameTokens;
import dev.lunasec.tokenizer.auth.FrameTokens.Code;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.FrameCodes;
import org.jspecify.annotations.Nullable;

/**
 * Lets a frame act for a session without a cookie, because browsers give none to a frame on another site than its page.
 * An application makes a code, the page hands it to the frame, and the frame redeems it for an access token. A hostile
 * script in the page can have codes made too. So a code is for one direction, and names the tokens that can be read.
 */
public final class FrameSessions {
    /** An access token, and the frame that holds it. */
    public record Redeemed(Caller caller, String accessToken) {
        /** Without the access token. */
        @Override
        public String toString() {
            return "Redeemed[" + caller + "]";
        }
    }

    private final FrameTokens tokens;
    private final FrameCodes codes;

    public FrameSessions(FrameTokens tokens, FrameCodes codes) {
        this.tokens = tokens;
        this.codes = codes;
    }

    /**
     * Makes a code, which is good once within {@link FrameCodes#LIFETIME}.
     *
     * @param application the pseudonym of the application
     * @param access what the frame will be able to do
     * @param nonce of the frame that can redeem it
     * @throws CallFailed as {@link FrameCodes#begin} throws
     */
    public String code(String application, FrameAccess access, String nonce) {
        String id = codes.begin(application, nonce);
        return tokens.code(new Code(id, application, access), FrameCodes.LIFETIME);
    }

    /**
     * Redeems a code. One that this vault did not sign costs no call of Redis.
     *
     * @param nonce of the frame that calls
     * @throws CallFailed {@link ErrorCode#INVALID_CODE}, or what {@link FrameCodes#take} throws
     */
    public Redeemed redeem(String text, String nonce) {
        Code code = tokens.code(text);
        if (!codes.take(code.application(), code.id(), nonce)) throw FrameTokens.invalidCode("usedOrOtherFrame");
        return new Redeemed(Caller.ofFrame(code.access()), tokens.accessToken(code.access()));
    }

    /** The frame whose access token is in the header {@code authorization}; see {@link FrameTokens#caller}. */
    public @Nullable Caller caller(@Nullable String authorization) {
        return tokens.caller(authorization);
    }
}
