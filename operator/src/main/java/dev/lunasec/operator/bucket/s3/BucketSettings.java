package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketPlan;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.Setting;
import dev.lunasec.operator.bucket.SettingResult;
import dev.lunasec.operator.bucket.SettingState;
import dev.lunasec.s3.Canary;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Brings the settings of one bucket to what its vault asks for, and reverts each one after which the canary fails. */
final class BucketSettings {
    private static final Logger log = LoggerFactory.getLogger(BucketSettings.class);

    private final BucketSpec spec;
    private final BucketCheck check;
    private final Instant now;
    private final Canary canary;
    private final PublicEndpointCheck publicEndpoint;
    private final FramePreflights preflights;
    private final S3Settings settings;

    /**
     * The settings of a bucket that exists.
     *
     * @param check remembers which settings were tried in vain
     */
    BucketSettings(BucketSpec spec, S3Connection connection, BucketCheck check, Instant now) {
        this.spec = spec;
        this.check = check;
        this.now = now;
        this.canary = new Canary(connection);
        this.publicEndpoint = new PublicEndpointCheck(spec, connection);
        this.preflights = new FramePreflights(spec, connection);
        this.settings = new S3Settings(connection.s3(), spec);
    }

    /** Observes, plans and applies, and runs the canary after each change. */
    BucketStatus reconcile() {
        StoreStatus store = canary.check().status();
        boolean allowSsec = store == StoreStatus.SSECBlocked && spec.provisioning() != Provisioning.VERIFY;
        if (store != StoreStatus.Ready && !allowSsec) return BucketStatus.of(store, List.of());

        Map<Setting, SettingState> observed = settings.observe();
        observed.put(Setting.SSEC_ALLOWED, allowSsec ? SettingState.DIFFERS : SettingState.MATCHES);
        preflights.settle(observed);
        BucketPlan plan = BucketPlan.of(spec.provisioning(), observed, check.tried(), now);
        Map<Setting, SettingResult> results = new EnumMap<>(Setting.class);
        results.putAll(plan.settled());
        for (Setting setting : plan.apply()) {
            SettingResult result = apply(setting);
            if (result.tried() != null) check.addTried(setting, now);
            results.put(setting, result);
        }
        if (!plan.apply().isEmpty()) store = canary.check().status();
        return preflights.judge(publicEndpoint.judge(BucketStatus.of(store, new ArrayList<>(results.values()))));
    }

    private SettingResult apply(Setting setting) {
        StoreStatus before = canary.check().status();
        try {
            settings.apply(setting);
        } catch (S3Exception e) {
            if (S3Errors.isDenied(e)) return BucketPlan.denied(setting);
            if (S3Errors.isUnsupported(e)) return BucketPlan.unsupported(setting, now);
            throw e;
        }
        if (before == StoreStatus.Ready && isBroken()) {
            settings.revert(setting);
            log.warn("bucket {}: {} broke the store and was reverted", spec.bucket(), setting.title());
            return BucketPlan.unsupported(setting, now);
        }
        log.info("bucket {}: {} applied", spec.bucket(), setting.title());
        return BucketPlan.applied(setting);
    }

    /** Once more after a passing error, so that a busy moment of the store does not cost the bucket a protection. */
    private boolean isBroken() {
        StoreStatus first = canary.check().status();
        boolean passing = first == StoreStatus.StoreFailed || first == StoreStatus.StoreUnreachable;
        return passing ? canary.check().status() != StoreStatus.Ready : first != StoreStatus.Ready;
    }
}
