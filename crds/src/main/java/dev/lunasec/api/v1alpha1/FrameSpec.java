package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.ORIGIN;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The frame. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "!has(self.origin) || self.origin." + ORIGIN,
        fieldPath = ".origin",
        message = "Write an origin without a path or a slash at the end, like https://vault.example.com.")
public record FrameSpec(
        @Nullable
        @Size(max = 300)
        @JsonPropertyDescription(
                "The frame's own origin, where browsers reach the tokenizer; the bucket lets its pages in. Absent when no browser comes.")
        String origin) {}
