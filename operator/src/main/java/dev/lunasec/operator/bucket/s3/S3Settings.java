package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.Setting;
import dev.lunasec.operator.bucket.SettingState;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * All settings of one bucket: which class implements each {@link Setting}, and what the store's answers say about it.
 */
final class S3Settings {
    private final S3Client s3;
    private final BucketSpec spec;

    S3Settings(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.spec = spec;
    }

    /**
     * The state of each setting that the vault needs.
     *
     * @throws S3Exception if an answer of the store says nothing about the setting
     */
    Map<Setting, SettingState> observe() {
        Map<Setting, SettingState> observed = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            if (implementation(setting).isNeeded()) observed.put(setting, observe(setting));
        }
        return observed;
    }

    /**
     * The state of one setting.
     *
     * @throws S3Exception if the answer of the store says nothing about the setting
     */
    SettingState observe(Setting setting) {
        try {
            return implementation(setting).matches() ? SettingState.MATCHES : SettingState.DIFFERS;
        } catch (S3Exception e) {
            if (S3Errors.isAbsent(e)) return SettingState.DIFFERS;
            if (S3Errors.isUnsupported(e)) return SettingState.UNSUPPORTED;
            if (S3Errors.isDenied(e)) return SettingState.DENIED;
            throw e;
        }
    }

    /** @throws S3Exception as the store answers */
    void apply(Setting setting) {
        implementation(setting).apply();
    }

    /** @throws S3Exception as the store answers */
    void revert(Setting setting) {
        implementation(setting).revert();
    }

    private S3Setting implementation(Setting setting) {
        return switch (setting) {
            case OWNER_TAG -> new OwnerTag(s3, spec);
            case SSEC_ALLOWED -> new SsecAllowed(s3, spec);
            case PUBLIC_ACCESS_BLOCK -> new PublicAccessBlock(s3, spec);
            case TLS_ONLY -> new TlsOnlyPolicy(s3, spec);
            case CORS -> new FrameCors(s3, spec);
            case ABORT_STALE_UPLOADS -> new AbortStaleUploads(s3, spec);
        };
    }
}
