package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.DURATION;
import static dev.lunasec.api.v1alpha1.Rules.DURATION_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service's share of every key. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.rotation >= oldSelf.rotation",
        fieldPath = ".rotation",
        message = "Keys are never rotated back; write the old number or a higher one.")
@ValidationRule(
        value = "!has(self.maximumAge) || (self.maximumAge." + DURATION
                + " && duration(self.maximumAge) >= duration('1m')"
                + " && duration(self.maximumAge) <= duration('87600h'))",
        fieldPath = ".maximumAge",
        message = "Write a duration from 1m to 87600h, like 2160h.")
@ValidationRule(
        value = "self.gracePeriod." + DURATION + " && duration(self.gracePeriod) <= duration('8760h')",
        fieldPath = ".gracePeriod",
        message = "Write a duration from 0s to 8760h, like 168h.")
@ValidationRule(
        value = "!has(self.backupWindow) || (self.backupWindow." + DURATION
                + " && duration(self.backupWindow) <= duration('8760h'))",
        fieldPath = ".backupWindow",
        message = "Write a duration from 0s to 8760h, like 720h.")
@ValidationRule(
        value = "!has(self.backupWindow) || !self.backupWindow." + DURATION + " || !self.gracePeriod." + DURATION
                + " || duration(self.gracePeriod) >= duration(self.backupWindow)",
        fieldPath = ".gracePeriod",
        message = "A backup of the bucket that is older than a destroyed share can't be read; write a gracePeriod of at"
                + " least the backupWindow.")
@ValidationRule(
        value = "(self.compromised + self.keep + self.giveUp).all(n, n >= 1)",
        message = "Write numbers of shares in compromised, keep and giveUp, from 1 up.")
@ValidationRule(
        value = "!self.keep.exists(n, n in self.compromised)",
        fieldPath = ".keep",
        message = "A compromised share can't be kept; take it out of keep or out of compromised.")
public record KeysSpec(
        @Default("1")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Raise it by one: the keys of all records rotate.")
        int rotation,

        @Nullable
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("The age at which keys rotate by themselves, 1m to 87600h; absent for never.")
        String maximumAge,

        @Default("168h")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("How long a retired share can still be brought back, 0s to 8760h.")
        String gracePeriod,

        @Nullable
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription(
                "How old the oldest backup of the bucket is that must still be of use; gracePeriod must be as long."
                        + " Absent when there are none.")
        String backupWindow,

        @Default("100")
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription(
                "How many records a rotation moves per second, all workers together, 1 to 100000; four requests to the"
                        + " store for each.")
        int rewrapRate,

        @Default("2") @Min(1) @Max(16) @JsonPropertyDescription("How many pods move records, 1 to 16.")
        int rewrapWorkers,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "Numbers of shares that a stranger may have: a rotation begins at once, goes at full rate, and destroys"
                        + " them without grace.")
        List<Integer> compromised,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription("Numbers of shares that stay in the keyring; one that was retired comes back.")
        List<Integer> keep,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "Numbers of shares whose damaged records under quarantine/ are given up: they no longer keep the share"
                        + " from being retired.")
        List<Integer> giveUp) {}
