package dev.lunasec.tokenizer.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.tokenizer.auth.FrameAccess.Purpose;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The codes and access tokens of frames. They hold all that a frame may do, so a call of a frame needs no further
 * request to Redis. The {@link JwtVerifier} of the issuers takes neither their algorithm nor their {@code typ}.
 */
public final class FrameTokens {
    /** How long an access token is valid. */
    public static final Duration ACCESS = Duration.ofMinutes(5);

    private static final VaultSignature.Type CODE = VaultSignature.Type.of("tokenizer-code+jwt");
    private static final VaultSignature.Type ACCESS_TOKEN = VaultSignature.Type.of("tokenizer-frame+jwt");
    private static final String BEARER = "Bearer ";
    private static final String APPLICATION = "application";
    private static final String ISSUER = "issuer";
    private static final String ACTION = "action";
    private static final String RECORDS = "records";

    /** How a session is named in the claims. */
    private static final Pattern PSEUDONYM = Pattern.compile("[0-9a-f]{32}");

    private final VaultSignature signature;
    private final String vault;
    private final Set<String> issuers;
    private final InstantSource clock;

    /**
     * What a code holds.
     *
     * @param id that Redis knows
     * @param application the pseudonym of the application that made it
     */
    public record Code(String id, String application, FrameAccess access) {
        /** Without the id. */
        @Override
        public String toString() {
            return "Code[hidden]";
        }
    }

    /**
     * Codes and access tokens for the sessions of some issuers. One for a session of another issuer is not valid, so an
     * issuer that leaves the settings takes its frames along.
     *
     * @param keyring of the vault, whose {@link Keyring#frameKeys} sign
     * @param issuers of the vault, whose {@code iss} claims differ
     */
    public FrameTokens(Keyring keyring, List<Issuer> issuers, InstantSource clock) {
        this.signature = new VaultSignature(keyring.frameKeys());
        this.vault = keyring.vaultId().text();
        this.issuers = issuers.stream().map(Issuer::issuer).collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
    }

    /** Signs a code. */
    public String code(Code code, Duration lifetime) {
        JWTClaimsSet.Builder claims = claims(code.access, lifetime);
        return signature.sign(
                CODE, claims.jwtID(code.id).claim(APPLICATION, code.application).build());
    }

    /**
     * Reads a code.
     *
     * @throws CallFailed {@link ErrorCode#INVALID_CODE} unless this vault signed it and it has not expired
     */
    public Code code(String text) {
        JWTClaimsSet claims = signature.check(CODE, text);
        if (claims == null) throw invalidCode("notValid");
        try {
            if (hasExpired(claims)) throw invalidCode("expired");
            String id = claims.getJWTID();
            String application = claims.getClaimAsString(APPLICATION);
            if (id == null || application == null) throw new ParseException("no claims of a code", 0);
            return new Code(id, application, access(claims));
        } catch (ParseException e) {
            throw invalidCode("notValid");
        }
    }

    /** Signs an access token, which is valid for {@link #ACCESS}. */
    public String accessToken(FrameAccess access) {
        return signature.sign(ACCESS_TOKEN, claims(access, ACCESS).build());
    }

    /**
     * The frame that calls.
     *
     * @param authorization the header; null when it is missing
     * @return null if it holds no access token of a frame, but possibly other credentials
     * @throws CallFailed {@link ErrorCode#UNAUTHENTICATED} if the access token is not valid
     */
    public @Nullable Caller caller(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) return null;
        String text = authorization.substring(BEARER.length()).strip();
        if (!text.startsWith(ACCESS_TOKEN.prefix())) return null;
        JWTClaimsSet claims = signature.check(ACCESS_TOKEN, text);
        if (claims == null) throw notValid();
        try {
            if (!hasExpired(claims)) return Caller.ofFrame(access(claims));
        } catch (ParseException e) {
            throw notValid();
        }
        throw Refusal.EXPIRED.because("The access token has expired; ask the application for a new code, and redeem it"
                + " at /session/redeem.");
    }

    /**
     * The refusal of a code. The caller does not learn why.
     *
     * @param reason the word for the audit log
     */
    public static CallFailed invalidCode(String reason) {
        return new CallFailed(
                ErrorCode.INVALID_CODE,
                "This code is not for this frame, has expired, or was redeemed before; ask the application for a new"
                        + " one.",
                reason);
    }

    private JWTClaimsSet.Builder claims(FrameAccess access, Duration lifetime) {
        return new JWTClaimsSet.Builder()
                .audience(vault)
                .expirationTime(Date.from(clock.instant().plus(lifetime)))
                .subject(access.holder())
                .claim(ISSUER, access.issuer())
                .claim(ACTION, access.purpose().word())
                .claim(
                        RECORDS,
                        access.records().stream().map(RecordId::hex).sorted().toList());
    }

    /**
     * What claims of this vault let a frame do.
     *
     * @throws ParseException for claims of another vault, of another version of the tokenizer, or for an issuer that
     *     the vault does not have
     */
    private FrameAccess access(JWTClaimsSet claims) throws ParseException {
        Purpose purpose = Purpose.named(claims.getClaimAsString(ACTION));
        String issuer = claims.getClaimAsString(ISSUER);
        String holder = claims.getSubject();
        List<String> ids = claims.getStringListClaim(RECORDS);
        if (purpose == null
                || issuer == null
                || !issuers.contains(issuer)
                || holder == null
                || !PSEUDONYM.matcher(holder).matches()
                || ids == null
                || !ids.stream().allMatch(RecordId::isOne)
                || !claims.getAudience().equals(List.of(vault))) {
            throw new ParseException("no claims of a frame of this vault", 0);
        }
        return new FrameAccess(
                purpose, issuer, holder, ids.stream().map(RecordId::new).collect(Collectors.toSet()));
    }

    /** @throws ParseException if the claims do not say when */
    private boolean hasExpired(JWTClaimsSet claims) throws ParseException {
        Date expires = claims.getExpirationTime();
        if (expires == null) throw new ParseException("no time at which it expires", 0);
        return !expires.toInstant().isAfter(clock.instant());
    }

    private static CallFailed notValid() {
        return Refusal.NOT_VALID.because("The access token is not one of this vault; redeem a code at /session/redeem,"
                + " and send what it answers.");
    }
}
