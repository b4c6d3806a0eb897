package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.ORIGIN;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How browsers reach the tokenizer. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "!has(self.origin) || self.origin." + ORIGIN,
        fieldPath = ".origin",
        message = "Write an origin without a path and without a slash at the end, like https://vault.example.com.")
@ValidationRule(
        value = "self.allowedOrigins.all(o, o." + ORIGIN + ")",
        fieldPath = ".allowedOrigins",
        message = "Write origins without a path and without a slash at the end, like https://shop.example.com.")
public record FrameSpec(
        @Nullable
        @Size(max = 300)
        @JsonPropertyDescription(
                "The origin at which browsers reach the tokenizer. The tokenizer takes the cookie of a browser that"
                        + " logged in only from pages of this origin, and the operator lets these pages upload to the"
                        + " bucket and download from it (CORS). If absent, no browser can log in, the tokenizer serves"
                        + " no secure frame, and the operator sets no CORS rule.")
        String origin,

        @Default("[]")
        @Size(max = 64)
        @JsonPropertyDescription(
                "The origins of the pages that can embed the secure frame, and ask with /session/verify whether their"
                        + " user is logged in (CORS). If empty, the tokenizer serves no secure frame. Default empty, at"
                        + " most 64 entries.")
        List<@Size(max = 300) String> allowedOrigins) {}
