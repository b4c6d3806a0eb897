package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;

/** Why the tokenizer refuses credentials: the word for it in the audit log. */
enum Refusal {
    /** Not a JWT, or longer than any that the tokenizer reads. */
    MALFORMED("malformed"),
    /** No issuer of this vault has the {@code iss} claim. */
    UNKNOWN_ISSUER("unknownIssuer"),
    EXPIRED("expired"),
    /** Signature, algorithm, audience, a claim that must be there, or a time in the future. */
    NOT_VALID("notValid"),
    /** The JWT does not meet one of {@code claimValidationRules}. */
    RULE_NOT_MET("ruleNotMet"),
    /** A claim is absent, or is no text, or is too long. */
    WRONG_CLAIM("wrongClaim"),
    /** No claim makes the caller a user, an application or a developer. */
    NO_KIND("noKind"),
    /** The issuer may not sign JWTs for callers of this kind. */
    KIND_NOT_ALLOWED("kindNotAllowed"),
    /** A user or a developer without a session. */
    NO_SESSION("noSession"),
    /** A ServiceAccount token with several audiences, or one that is valid for too long. */
    TOO_BROAD("tooBroad"),
    /** A ServiceAccount that is no application of this vault. */
    UNKNOWN_APPLICATION("unknownApplication");

    private final String word;

    Refusal(String word) {
        this.word = word;
    }

    /** @param why what the JWT is or has: the sentence without its subject */
    CallFailed ofJwt(String why) {
        return because("The JWT " + why + ".");
    }

    static CallFailed unknownIssuer() {
        return UNKNOWN_ISSUER.ofJwt("is of an issuer that this vault does not know; add an entry for its iss to"
                + " spec.auth.issuers, or for the token of a pod its ServiceAccount to spec.auth.applications");
    }

    CallFailed because(String sentence) {
        return new CallFailed(ErrorCode.UNAUTHENTICATED, sentence, word);
    }
}
