package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.ORIGIN;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How browsers reach the tokenizer. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "!has(self.origin) || self.origin." + ORIGIN,
        fieldPath = ".origin",
        message = "Write an origin without a path and without a slash at the end, like https://vault.example.com.")
public record FrameSpec(
        @Nullable
        @Size(max = 300)
        @JsonPropertyDescription(
                "The origin at which browsers reach the tokenizer. The operator lets its pages upload to the"
                        + " bucket and download from it (CORS); so far, the field sets only this rule of the bucket. If"
                        + " absent, the operator sets no CORS rule.")
        String origin) {}
