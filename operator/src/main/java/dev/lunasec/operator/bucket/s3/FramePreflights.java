package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.Setting;
import dev.lunasec.operator.bucket.SettingResult;
import dev.lunasec.operator.bucket.SettingState;
import dev.lunasec.s3.CorsPreflight;
import dev.lunasec.s3.PreflightAnswer;
import dev.lunasec.s3.S3Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tests with real preflights whether pages of the frame's origin can use signed URLs, at the address that browsers use.
 * MinIO, s3proxy and JuiceFS have CORS as a setting of the server, so the setting of the bucket does not tell.
 */
final class FramePreflights {
    private final @Nullable String origin;
    private final boolean isVerifyOnly;
    private final CorsPreflight preflight;
    private @Nullable Outcome known;

    /** @param missing what one of the answers does not allow, as the end of a sentence; empty for nothing */
    private record Outcome(boolean isAnswered, String missing) {}

    FramePreflights(BucketSpec spec, S3Connection connection) {
        this.origin = spec.frameOrigin();
        this.isVerifyOnly = spec.provisioning() == Provisioning.VERIFY;
        this.preflight = new CorsPreflight(
                connection, connection.signer(spec.publicLocation().orElse(spec.location())));
    }

    /**
     * A store that does not know the setting of a bucket, and lets the pages in, needs no setting. With Verify, any
     * rule is good that lets them in.
     */
    void settle(Map<Setting, SettingState> observed) {
        SettingState rule = observed.get(Setting.CORS);
        boolean isTested = rule == SettingState.UNSUPPORTED || (rule == SettingState.DIFFERS && isVerifyOnly);
        if (!isTested) return;
        Outcome outcome = ask();
        if (outcome.isAnswered && outcome.missing.isEmpty()) observed.put(Setting.CORS, SettingState.MATCHES);
    }

    /**
     * Adds to the status of a usable bucket what keeps browsers out. A rule that was written in this pass may need some
     * seconds in the store, so the next pass tests it.
     */
    BucketStatus judge(BucketStatus status) {
        if (origin == null || !status.ready() || status.settings().stream().anyMatch(FramePreflights::isNew)) {
            return status;
        }
        String missing = ask().missing;
        if (missing.isEmpty()) return status;
        return status.noting("Pages of " + origin + " cannot use the store in browsers: " + missing
                + ". In the CORS rules of the store, allow this origin, the methods "
                + String.join(", ", FrameCors.METHODS)
                + " and the headers " + String.join(", ", FrameCors.HEADERS) + ", and expose ETag.");
    }

    private static boolean isNew(SettingResult setting) {
        return setting.name().equals(Setting.CORS.title()) && setting.result() == SettingResult.Result.APPLIED;
    }

    private Outcome ask() {
        Outcome outcome = known;
        if (outcome == null) {
            outcome = origin == null ? new Outcome(false, "") : ask(origin);
            known = outcome;
        }
        return outcome;
    }

    private Outcome ask(String page) {
        for (String method : FrameCors.METHODS) {
            List<String> headers = sent(method);
            Optional<PreflightAnswer> answer = preflight.ask(page, method, headers);
            // Another preflight would most likely wait in vain, too.
            if (answer.isEmpty()) return new Outcome(false, "");
            Optional<String> missing = answer.get().missing(page, method, headers);
            if (missing.isPresent()) return new Outcome(true, "a preflight for " + method + " " + missing.get());
        }
        return new Outcome(true, "");
    }

    /** Sorted, as browsers name them. */
    private static List<String> sent(String method) {
        List<String> upload = method.equals("PUT") ? FrameCors.UPLOAD_HEADERS : List.of();
        return Stream.concat(upload.stream(), FrameCors.KEY_HEADERS.stream())
                .sorted()
                .toList();
    }
}
