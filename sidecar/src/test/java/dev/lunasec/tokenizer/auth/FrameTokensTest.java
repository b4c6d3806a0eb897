package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.auth.FrameAccess.Purpose;
import dev.lunasec.tokenizer.auth.FrameTokens.Code;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a code and an access token of a frame hold, and that no other text passes for one. */
@Tag("pure")
class FrameTokensTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String HOLDER = "0123456789abcdef0123456789abcdef";
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final RecordId OTHER = new RecordId("ffeeddccbbaa99887766554433221100");
    private static final FrameAccess READ = new FrameAccess(Purpose.DETOKENIZE, "shop-sdk", HOLDER, Set.of(RECORD));
    private static final FrameAccess STORE = new FrameAccess(Purpose.TOKENIZE, "shop-sdk", HOLDER, Set.of());
    private static final Code CODE = new Code("7.random", "aaaabbbbccccddddaaaabbbbccccdddd", READ);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final String LONG_ISSUER = "\u00e9".repeat(512);

    private final FrameTokens tokens = at(NOW, KEYRING);

    @Test
    void anAccessTokenMakesAFrameAUserWhoReadsTheNamedRecordsAlone() {
        Caller frame = caller("Bearer " + tokens.accessToken(READ));
        assertThat(frame.kind()).isEqualTo(Kind.USER);
        assertThat(frame.subject()).isEqualTo("frame");
        assertThat(frame.identity()).as("as the users of the issuer").isEqualTo("shop-sdk/user");
        assertThat(frame.actions()).containsExactlyInAnyOrder(Action.DETOKENIZE, Action.METADATA);
        assertThat(frame.frame()).isEqualTo(READ);
        assertThat(READ.admits(RECORD)).isTrue();
        assertThat(READ.admits(OTHER)).isFalse();
        Caller storing = caller("bearer  " + tokens.accessToken(STORE));
        assertThat(storing.actions()).containsExactly(Action.TOKENIZE);
        assertThat(STORE.admits(OTHER)).as("an upload of its own").isTrue();
    }

    /** Computed with the JDK alone, from the page of formats. */
    @Test
    void bothHaveTheFormThatTheFormatsSay() throws GeneralSecurityException {
        byte[] share = new byte[32];
        share[0] = 1;
        byte[] key = hmac(hmac(new byte[32], share), "lunasec.dev/frame/v1\u0001".getBytes(StandardCharsets.UTF_8));
        String vault = KEYRING.vaultId().text();
        String claims = "\"aud\":\"" + vault + "\"";
        for (String text : List.of(tokens.accessToken(READ), tokens.code(CODE, MINUTE))) {
            String[] parts = text.split("[.]", 3);
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            assertThat(Base64.getUrlDecoder().decode(parts[2])).isEqualTo(hmac(key, signed));
            assertThat(decoded(parts[1]))
                    .contains(
                            claims,
                            "\"sub\":\"" + HOLDER + "\"",
                            "\"issuer\":\"shop-sdk\"",
                            "\"action\":\"detokenize\"",
                            "\"records\":[\"" + RECORD + "\"]");
        }
        String[] access = tokens.accessToken(READ).split("[.]", 3);
        assertThat(decoded(access[0])).isEqualTo("{\"typ\":\"tokenizer-frame+jwt\",\"alg\":\"HS256\"}");
        assertThat(decoded(access[1])).contains("\"exp\":1800000300").doesNotContain("jti", "application");
        String[] code = tokens.code(CODE, MINUTE).split("[.]", 3);
        assertThat(decoded(code[0])).isEqualTo("{\"typ\":\"tokenizer-code+jwt\",\"alg\":\"HS256\"}");
        assertThat(decoded(code[1]))
                .contains(
                        "\"exp\":1800000060",
                        "\"jti\":\"7.random\"",
                        "\"application\":\"aaaabbbbccccddddaaaabbbbccccdddd\"");
    }

    @Test
    void anAccessTokenIsValidForFiveMinutesAndACodeForItsLifetime() {
        String access = "Bearer " + tokens.accessToken(READ);
        assertThat(at(NOW.plusSeconds(299), KEYRING).caller(access)).isNotNull();
        refused(() -> at(NOW.plusSeconds(300), KEYRING).caller(access), ErrorCode.UNAUTHENTICATED, "expired");
        String code = tokens.code(CODE, MINUTE);
        assertThat(at(NOW.plusSeconds(59), KEYRING).code(code)).isEqualTo(CODE);
        refused(() -> at(NOW.plusSeconds(60), KEYRING).code(code), ErrorCode.INVALID_CODE, "expired");
    }

    @Test
    void aCodeIsNoAccessTokenAndAnAccessTokenIsNoCode() {
        assertThat(tokens.caller("Bearer " + tokens.code(CODE, MINUTE))).isNull();
        refused(() -> tokens.code(tokens.accessToken(READ)), ErrorCode.INVALID_CODE, "notValid");
    }

    @Test
    void onlyAfterTheWordBearerThereIsAnAccessToken() {
        String access = tokens.accessToken(READ);
        for (String other : List.of("", access, "Basic " + access, "Bearer", "Bearer ", "Bearer x.y.z")) {
            assertThat(tokens.caller(other)).as(other).isNull();
        }
        assertThat(tokens.caller(null)).isNull();
    }

    @Test
    void anyOtherSignatureIsRefused() throws JOSEException {
        String access = tokens.accessToken(READ);
        String[] parts = access.split("[.]", 3);
        String[] others = tokens.accessToken(STORE).split("[.]", 3);
        for (String forged : List.of(
                parts[0] + "." + parts[1] + ".",
                parts[0] + "." + parts[1] + "." + others[2],
                parts[0] + "." + others[1] + "." + parts[2],
                access + "." + parts[2],
                parts[0] + "." + parts[1],
                access + "x".repeat(20_000),
                signed(new byte[32], "tokenizer-frame+jwt", claims()),
                at(NOW, TestKeyring.of(2, 2)).accessToken(READ))) {
            refused(() -> tokens.caller("Bearer " + forged), ErrorCode.UNAUTHENTICATED, "notValid");
        }
        for (int i = 0; i < access.length(); i += 7) {
            char flipped = access.charAt(i) == 'A' ? 'B' : 'A';
            String changed = access.substring(0, i) + flipped + access.substring(i + 1);
            if (access.startsWith(changed.substring(0, parts[0].length() + 1))) {
                refused(() -> tokens.caller("Bearer " + changed), ErrorCode.UNAUTHENTICATED, "notValid");
            } else {
                assertThat(tokens.caller("Bearer " + changed)).isNull();
            }
        }
    }

    /** A text with any other header is no access token, so no header can choose how it is checked. */
    @Test
    void noHeaderChoosesAnAlgorithm() throws JOSEException {
        byte[] key = KEYRING.frameKeys().getFirst();
        JOSEObjectType typ = new JOSEObjectType("tokenizer-frame+jwt");
        SignedJWT rsa = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).type(typ).build(), claims());
        rsa.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
        SignedJWT longer = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS512).type(typ).build(), claims());
        longer.sign(new MACSigner(new byte[64]));
        for (String other : List.of(
                rsa.serialize(),
                longer.serialize(),
                new PlainJWT(claims()).serialize(),
                signed(key, "JWT", claims()),
                signed(key, "TOKENIZER-FRAME+JWT", claims()))) {
            assertThat(tokens.caller("Bearer " + other)).as(other).isNull();
            refused(() -> tokens.code(other), ErrorCode.INVALID_CODE, "notValid");
        }
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void claimsOfAnotherVaultOrVersionAreRefused(Purpose purpose) throws JOSEException {
        byte[] key = KEYRING.frameKeys().getFirst();
        String vault = KEYRING.vaultId().text();
        JWTClaimsSet good = new JWTClaimsSet.Builder(claims())
                .audience(vault)
                .claim("action", purpose.word())
                .build();
        assertThat(tokens.caller("Bearer " + signed(key, "tokenizer-frame+jwt", good)))
                .isNotNull();
        for (JWTClaimsSet wrong : List.of(
                new JWTClaimsSet.Builder(good).audience("another").build(),
                new JWTClaimsSet.Builder(good)
                        .audience(List.of(vault, "another"))
                        .build(),
                new JWTClaimsSet.Builder(good).claim("action", "erase").build(),
                new JWTClaimsSet.Builder(good).claim("action", null).build(),
                new JWTClaimsSet.Builder(good).claim("issuer", null).build(),
                new JWTClaimsSet.Builder(good).claim("records", null).build(),
                new JWTClaimsSet.Builder(good).claim("records", 1).build(),
                new JWTClaimsSet.Builder(good).claim("records", List.of("x")).build(),
                new JWTClaimsSet.Builder(good).subject(null).build(),
                new JWTClaimsSet.Builder(good).subject(HOLDER + "0").build(),
                new JWTClaimsSet.Builder(good)
                        .subject(HOLDER.toUpperCase(Locale.ROOT))
                        .build(),
                new JWTClaimsSet.Builder(good).expirationTime(null).build())) {
            refused(
                    () -> tokens.caller("Bearer " + signed(key, "tokenizer-frame+jwt", wrong)),
                    ErrorCode.UNAUTHENTICATED,
                    "notValid");
        }
    }

    @Test
    void whatAFrameGotForAnIssuerThatLeftTheSettingsIsRefused() {
        FrameTokens after = new FrameTokens(KEYRING, List.of(issuer("shop-sso")), () -> NOW);
        refused(() -> after.caller("Bearer " + tokens.accessToken(READ)), ErrorCode.UNAUTHENTICATED, "notValid");
        refused(() -> after.code(tokens.code(CODE, MINUTE)), ErrorCode.INVALID_CODE, "notValid");
    }

    @Test
    void theOldShareChecksUntilItLeavesTheKeyringAndTheNewOneSigns() {
        String before = "Bearer " + tokens.accessToken(READ);
        Keyring both = TestKeyring.of(2, 1, 2);
        assertThat(at(NOW, both).caller(before)).isNotNull();
        assertThat(at(NOW, TestKeyring.of(1, 1, 2))
                        .caller("Bearer " + at(NOW, both).accessToken(READ)))
                .as("by a pod that has the new share and was not replaced yet")
                .isNotNull();
        refused(() -> at(NOW, TestKeyring.of(2, 2)).caller(before), ErrorCode.UNAUTHENTICATED, "notValid");
        assertThat(at(NOW, TestKeyring.of(2, 2))
                        .caller("Bearer " + at(NOW, both).accessToken(READ)))
                .isNotNull();
    }

    @Test
    void theLargestAccessTokenIsAccepted() {
        Set<RecordId> records = new HashSet<>();
        for (int i = 0; i < 100; i++) records.add(new RecordId("%032x".formatted(i)));
        FrameAccess largest = new FrameAccess(Purpose.DETOKENIZE, LONG_ISSUER, HOLDER, records);
        assertThat(caller("Bearer " + tokens.accessToken(largest)).frame()).isEqualTo(largest);
        Code code = new Code("16383." + "x".repeat(43), HOLDER, largest);
        assertThat(tokens.code(tokens.code(code, MINUTE))).isEqualTo(code);
    }

    private Caller caller(String authorization) {
        return Objects.requireNonNull(tokens.caller(authorization));
    }

    private static FrameTokens at(Instant now, Keyring keyring) {
        return new FrameTokens(keyring, List.of(issuer("shop-sdk"), issuer(LONG_ISSUER)), () -> now);
    }

    private static Issuer issuer(String iss) {
        return Issuers.unlimited("shop", iss, URI.create("https://shop.example.com/jwks.json"));
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .audience(KEYRING.vaultId().text())
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .subject(HOLDER)
                .claim("issuer", "shop-sdk")
                .claim("action", "detokenize")
                .claim("records", List.of(RECORD.hex()))
                .build();
    }

    private static String signed(byte[] key, String typ, JWTClaimsSet claims) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType(typ))
                        .build(),
                claims);
        jwt.sign(new MACSigner(key));
        return jwt.serialize();
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    private interface Attempt {
        @Nullable
        Object run() throws JOSEException;
    }

    private static void refused(Attempt attempt, ErrorCode code, String reason) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(code);
            assertThat(failed.reason()).isEqualTo(reason);
        });
    }
}
