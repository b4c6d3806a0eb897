package dev.lunasec.s3;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** The signing keys of an account, each derived once. */
final class SigningKeys {
    /** How Signature Version 4 writes a time. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int SECONDS_OF_DAY = 24 * 60 * 60;

    private final String region;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private volatile @Nullable SigningKey last;

    SigningKeys(String region, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
        this.region = region;
        this.credentials = credentials;
    }

    /** The key at a time. The provider may renew the credentials between two calls. */
    SigningKey at(Instant time) {
        long day = Math.floorDiv(time.getEpochSecond(), SECONDS_OF_DAY);
        AwsCredentialsIdentity account = credentials.resolveIdentity().join();
        SigningKey key = last;
        if (key == null || !key.isOf(account, day)) {
            key = new SigningKey(account, region, day);
            last = key;
        }
        return key;
    }
}
