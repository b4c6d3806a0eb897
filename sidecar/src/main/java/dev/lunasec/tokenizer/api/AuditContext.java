package dev.lunasec.tokenizer.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.vault.Vault;
import org.jspecify.annotations.Nullable;

/** What the audit log and the metrics will say of a call; filled in as the call goes, so that a refusal has all that was known. */
final class AuditContext {
    String result = "ok";

    @Nullable
    Caller caller;

    @Nullable
    Token token;

    /** The token that was made from that one. */
    @Nullable
    Token made;

    /** The pseudonym of the session that a grant is for. */
    @Nullable
    String grantee;

    @CanIgnoreReturnValue
    Token about(Token token) {
        this.token = token;
        return token;
    }

    @CanIgnoreReturnValue
    Token made(Token token) {
        made = token;
        return token;
    }

    @CanIgnoreReturnValue
    String grantee(Vault vault, Caller caller, String session) {
        grantee = vault.holder(caller, session);
        return session;
    }
}
