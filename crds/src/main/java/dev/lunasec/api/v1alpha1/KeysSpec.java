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

/** The keyring, which holds the shares of the service, and how it rotates. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.rotation >= oldSelf.rotation",
        fieldPath = ".rotation",
        message = "keys.rotation cannot be lowered; write the old number or a higher one.")
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
        message = "Write numbers of shares in compromised, keep and giveUp, each at least 1.")
@ValidationRule(
        value = "!self.keep.exists(n, n in self.compromised)",
        fieldPath = ".keep",
        message = "A compromised share can't be kept; remove it from keep or from compromised.")
public record KeysSpec(
        @Default("1")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
                "Raise this number by one to rotate the keys of all records. Default 1, from 1 to 1000000. It"
                        + " cannot be lowered.")
        int rotation,

        @Nullable
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription(
                "The age at which keys rotate by themselves, from 1m to 87600h. If absent, age starts no"
                        + " rotation.")
        String maximumAge,

        @Default("168h")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription(
                "How long a retired share can still be restored, at least 70 minutes. Default 168h, from 0s to"
                        + " 8760h.")
        String gracePeriod,

        @Nullable
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("The age of the oldest backup of the bucket that must stay readable, from 0s to 8760h."
                + " gracePeriod must be at least as long. If absent, there are no backups.")
        String backupWindow,

        @Default("100")
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription(
                "How many records a rotation moves per second, all workers together. Each record takes four"
                        + " requests to the store. Default 100, from 1 to 100000.")
        int rewrapRate,

        @Default("2")
        @Min(1)
        @Max(16)
        @JsonPropertyDescription("How many pods move records during a rotation. Default 2, from 1 to 16.")
        int rewrapWorkers,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "Numbers of the shares that an unauthorised person may know. The operator starts a rotation"
                        + " at once and at full rate, and destroys these shares 70 minutes after they are retired."
                        + " Default empty, at most 16 entries.")
        List<Integer> compromised,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "Numbers of the shares that stay in the keyring. The operator restores a retired share that"
                        + " is listed. Default empty, at most 16 entries.")
        List<Integer> keep,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "Numbers of the shares whose quarantined records are lost. Such records no longer prevent the"
                        + " operator from retiring the share. Default empty, at most 16 entries.")
        List<Integer> giveUp) {}
