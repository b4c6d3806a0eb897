package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpHeaders;
import dev.lunasec.runtime.BoundedConnector;
import dev.lunasec.tokenizer.api.Places.Place;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.FrameTokens;
import dev.lunasec.tokenizer.auth.SessionLock;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import dev.lunasec.tokenizer.session.FrameSessions;
import dev.lunasec.tokenizer.session.FrameSessions.Redeemed;
import dev.lunasec.tokenizer.session.SameOrigin;
import dev.lunasec.tokenizer.vault.Vault;
import io.javalin.http.Context;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The route with which a frame gets an access token for a code. It takes no credentials but the code. */
final class RedeemRoute implements Service {
    private final FrameSessions frames;
    private final @Nullable SameOrigin pages;
    private final Vault vault;
    private final Places places;

    /** @param origin the origin of the tokenizer for browsers; null lets no frame redeem a code */
    RedeemRoute(FrameSessions frames, @Nullable String origin, Vault vault, Places places) {
        this.frames = frames;
        this.pages = origin == null ? null : new SameOrigin(origin);
        this.vault = vault;
        this.places = places;
    }

    @Override
    public void serve(Context ctx, AuditContext audit) throws IOException {
        requireFrame(ctx);
        try (Place counted = places.countRedemption()) {
            byte[] body = JsonBody.read(ctx, 1);
            try (Place place = places.takeForLogin()) {
                SessionRedeemRequest request =
                        RequestJson.read(RequestJson.parse(body, false), SessionRedeemRequest.class);
                Redeemed redeemed = frames.redeem(request.code(), request.nonce());
                Caller frame = redeemed.caller();
                BoundedConnector.callerIsKnown(ctx.req().getAttribute(BoundedConnector.CONNECTION));
                audit.caller(frame, vault.holder(frame, frame.session()));
                ctx.header(HttpHeaders.SESSION_HASH, SessionLock.hash(frame));
                SessionRedeemAnswer answer =
                        new SessionRedeemAnswer(redeemed.accessToken(), FrameTokens.ACCESS.toSeconds());
                Answers.json(ctx, 200, Envelope.success(answer));
                audit.succeeded();
            }
        }
    }

    /** A page of another origin must not get the access token that is meant for the frame. */
    private void requireFrame(Context ctx) {
        if (pages != null && pages.isProven(ctx.header("Origin"), ctx.header("Sec-Fetch-Site"))) return;
        throw new CallFailed(
                ErrorCode.CROSS_ORIGIN,
                "A code is redeemed only from pages of the tokenizer's own origin; give it to the frame, and set"
                        + " frame.origin of the vault to the origin at which browsers reach it.");
    }
}
