package dev.lunasec.operator.bucket;

import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.SettingResult.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which settings the operator changes: a pure function of the observed settings.
 *
 * @param apply the settings to write, in order
 * @param settled the results of the settings that need no write
 */
public record BucketPlan(List<Setting> apply, Map<Setting, SettingResult> settled) {

    /**
     * Makes a plan.
     *
     * @param observed the state of each setting that the vault needs
     * @param unsupported the settings that this store is known to reject or to stop working with. The operator does not retry them,
     *     because each attempt can interrupt callers.
     */
    public static BucketPlan of(
            Provisioning provisioning, Map<Setting, SettingState> observed, Set<Setting> unsupported) {
        List<Setting> apply = new ArrayList<>();
        Map<Setting, SettingResult> settled = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            SettingState state = observed.get(setting);
            if (state == null) continue;
            switch (state) {
                case MATCHES -> settled.put(setting, result(setting, Result.UNCHANGED, ""));
                case UNSUPPORTED -> settled.put(setting, unsupported(setting));
                case DENIED -> settled.put(setting, denied(setting));
                case DIFFERS -> {
                    if (provisioning == Provisioning.VERIFY) settled.put(setting, forbidden(setting));
                    else if (unsupported.contains(setting)) settled.put(setting, unsupported(setting));
                    else apply.add(setting);
                }
            }
        }
        return new BucketPlan(apply, settled);
    }

    /** The result of a setting that was written and did not break the store. */
    public static SettingResult applied(Setting setting) {
        return result(setting, Result.APPLIED, "");
    }

    /** The result of a setting that the store does not know, or stopped working with. */
    public static SettingResult unsupported(Setting setting) {
        return result(setting, Result.UNSUPPORTED, "The store does not know this setting, or stopped working with it.");
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
        return new SettingResult(setting.title(), result, message);
    }
}
