package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lunasec.runtime.HmacSha256;
import dev.lunasec.runtime.Sha256;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * What signs the URLs and requests of one account on one day of UTC ("Signature Version 4" of the AWS General
 * Reference, service s3). It is made from the secret of the account, and signs nothing that the secret could not sign.
 */
final class SigningKey {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SERVICE = "s3";
    private static final String END = "aws4_request";

    private final AwsCredentialsIdentity account;
    private final long day;
    private final String scope;
    private final String credential;
    private final @Nullable String sessionToken;
    private final HmacSha256 key;

    /**
     * Derives the key.
     *
     * @param day since 1970-01-01, in UTC
     */
    SigningKey(AwsCredentialsIdentity account, String region, long day) {
        this.account = account;
        this.day = day;
        String date = LocalDate.ofEpochDay(day).format(DateTimeFormatter.BASIC_ISO_DATE);
        this.scope = date + "/" + region + "/" + SERVICE + "/" + END;
        // Files and variables may end in a line break. The SDK removes it too.
        this.credential = account.accessKeyId().strip() + "/" + scope;
        this.sessionToken = account instanceof AwsSessionCredentialsIdentity session
                ? session.sessionToken().strip()
                : null;
        byte[] derived = ("AWS4" + account.secretAccessKey().strip()).getBytes(UTF_8);
        for (String part : new String[] {date, region, SERVICE, END}) {
            derived = HmacSha256.once(derived, part.getBytes(UTF_8));
        }
        this.key = new HmacSha256(derived);
    }

    /** Whether it is the key of an account on a day. It is not if the account got new credentials. */
    boolean isOf(AwsCredentialsIdentity other, long otherDay) {
        return day == otherDay && account.equals(other);
    }

    /**
     * The query of a URL without its signature: the parameters of Signature Version 4, in the order in which they are
     * signed.
     *
     * @param time of that day, {@code 20301231T235959Z} for example
     * @param seconds how long the URL is valid
     * @param headers the names of the signed ones, with a semicolon between two
     */
    String query(String time, long seconds, String headers) {
        String token = sessionToken == null ? "" : "&X-Amz-Security-Token=" + PercentEncoding.of(sessionToken);
        return "X-Amz-Algorithm=" + ALGORITHM + "&X-Amz-Credential=" + PercentEncoding.of(credential) + "&X-Amz-Date="
                + time + "&X-Amz-Expires=" + seconds + token + "&X-Amz-SignedHeaders=" + PercentEncoding.of(headers);
    }

    /** The token of temporary credentials; null for others. */
    @Nullable
    String sessionToken() {
        return sessionToken;
    }

    /**
     * The header {@code Authorization} of a request.
     *
     * @param headers as for {@link #query}
     * @param signature as {@link #signature} returns it
     */
    String authorization(String headers, String signature) {
        return ALGORITHM + " Credential=" + credential + ", SignedHeaders=" + headers + ", Signature=" + signature;
    }

    /** The signature of a canonical request, 64 hex digits. */
    String signature(String time, String canonicalRequest) {
        HexFormat hex = HexFormat.of();
        String hash = hex.formatHex(Sha256.of(canonicalRequest.getBytes(UTF_8)));
        String signed = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hash;
        return hex.formatHex(key.of(signed.getBytes(UTF_8)));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SigningKey[" + scope + "]";
    }
}
