package dev.lunasec.operator.bucket;

import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.SettingResult.Result;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to do about a bucket's settings: a pure function of what is seen.
 *
 * @param apply the settings to write, in order
 * @param settled the results that stand without writing
 */
public record BucketPlan(List<Setting> apply, Map<Setting, SettingResult> settled) {

    /**
     * Makes a plan.
     *
     * @param seen what is seen of each setting that is wanted; one that is not wanted is absent
     * @param unsupported the settings that this store was seen not to bear: to try one again could stop it for everybody for a moment
     */
    public static BucketPlan of(Provisioning provisioning, Map<Setting, SettingState> seen, Set<Setting> unsupported) {
        List<Setting> apply = new ArrayList<>();
        Map<Setting, SettingResult> settled = new EnumMap<>(Setting.class);
        for (Map.Entry<Setting, SettingState> each : new EnumMap<>(seen).entrySet()) {
            Setting setting = each.getKey();
            switch (each.getValue()) {
                case RIGHT -> settled.put(setting, result(setting, Result.UNCHANGED, ""));
                case UNKNOWN_TO_STORE -> settled.put(setting, unsupported(setting));
                case HIDDEN -> settled.put(setting, denied(setting));
                case WRONG -> {
                    if (provisioning == Provisioning.VERIFY) {
                        settled.put(
                                setting,
                                result(setting, Result.DENIED, "It is not set, and storage.provisioning is Verify."));
                    } else if (unsupported.contains(setting)) {
                        settled.put(setting, unsupported(setting));
                    } else {
                        apply.add(setting);
                    }
                }
            }
        }
        return new BucketPlan(apply, settled);
    }

    public static SettingResult applied(Setting setting) {
        return result(setting, Result.APPLIED, "");
    }

    public static SettingResult unsupported(Setting setting) {
        return result(setting, Result.UNSUPPORTED, "The store does not know this setting, or stops working with it.");
    }

    public static SettingResult denied(Setting setting) {
        return result(
                setting,
                Result.DENIED,
                "The account may not read or write this setting; allow it, or set it yourself.");
    }

    private static SettingResult result(Setting setting, Result result, String message) {
        return new SettingResult(setting.title(), result, message);
    }
}
