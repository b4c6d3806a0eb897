package dev.lunasec.operator.bucket;

import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.SettingResult.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which settings the operator changes: a pure function of the observed settings.
 *
 * @param apply the settings to write, in order
 * @param settled the results of the settings that need no write
 */
public record BucketPlan(List<Setting> apply, Map<Setting, SettingResult> settled) {

    private static final Duration RETRY = Duration.ofDays(1);

    /**
     * Makes a plan.
     *
     * @param observed the state of each setting that the vault needs
     * @param tried the settings that this store rejected or stopped working with, and when. The operator retries them
     *     once a day, because each attempt can interrupt callers.
     */
    public static BucketPlan of(
            Provisioning provisioning, Map<Setting, SettingState> observed, Map<Setting, Instant> tried, Instant now) {
        List<Setting> apply = new ArrayList<>();
        Map<Setting, SettingResult> settled = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            SettingState state = observed.get(setting);
            if (state == null) continue;
            switch (state) {
                case MATCHES -> settled.put(setting, result(setting, Result.UNCHANGED, ""));
                case UNSUPPORTED -> settled.put(setting, unsupported(setting, null));
                case DENIED -> settled.put(setting, denied(setting));
                case DIFFERS -> {
                    if (provisioning == Provisioning.VERIFY) settled.put(setting, forbidden(setting));
                    else if (isDue(tried.get(setting), now)) apply.add(setting);
                    else settled.put(setting, unsupported(setting, tried.get(setting)));
                }
            }
        }
        return new BucketPlan(apply, settled);
    }

    /** The result of a setting that was written and did not break the store. */
    public static SettingResult applied(Setting setting) {
        return result(setting, Result.APPLIED, "");
    }

    /** A time in the future comes from a clock that was wrong. */
    private static boolean isDue(@Nullable Instant tried, Instant now) {
        return tried == null || Duration.between(tried, now).abs().compareTo(RETRY) >= 0;
    }

    /**
     * The result of a setting that the store does not know, or stopped working with.
     *
     * @param tried when the operator wrote it; null if the store does not even know how to read it
     */
    public static SettingResult unsupported(Setting setting, @Nullable Instant tried) {
        String message = "The store does not know this setting, or stopped working with it."
                + (tried == null ? "" : " The operator writes it again a day later.");
        return new SettingResult(setting.title(), Result.UNSUPPORTED, message, tried);
    }

    /** The result of a setting that the account may not read or write. */
    public static SettingResult denied(Setting setting) {
        return result(
                setting,
                Result.DENIED,
                "The account may not read or write this setting. Allow it, or change the setting yourself.");
    }

    private static SettingResult forbidden(Setting setting) {
        return result(
                setting,
                Result.DENIED,
                "The setting is missing or differs, and storage.provisioning is Verify. Change the setting yourself.");
    }

    private static SettingResult result(Setting setting, Result result, String message) {
        return new SettingResult(setting.title(), result, message, null);
    }
}
