package dev.lunasec.operator.report;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.rotation.Step;
import dev.lunasec.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports changes to people: one Event and one log line for each condition whose status or reason changed. */
public final class ConditionEvents {
    private static final Logger log = LoggerFactory.getLogger(ConditionEvents.class);
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX").withZone(ZoneOffset.UTC);
    /** The limit of the Events API for a note, in characters. */
    private static final int LONGEST_NOTE = 1024;

    private ConditionEvents() {}

    /** Reports each condition that differs from what the resource says now. */
    public static void publish(Tokenizer tokenizer, List<Condition> after, KubernetesClient client, Instant now) {
        Map<String, Condition> before = StatusBuilder.conditions(tokenizer).stream()
                .collect(Collectors.toMap(Condition::getType, Function.identity()));
        for (Condition condition : after) {
            if (!changed(before.get(condition.getType()), condition)) continue;
            log.info(
                    "{} is {}: {}: {}",
                    condition.getType(),
                    condition.getStatus(),
                    condition.getReason(),
                    condition.getMessage());
            publish(
                    tokenizer,
                    isGood(condition) ? "Normal" : "Warning",
                    condition.getReason(),
                    condition.getType(),
                    condition.getMessage(),
                    client,
                    now);
        }
    }

    /** Reports something that is not a condition. */
    public static void publish(
            Tokenizer tokenizer,
            String type,
            String reason,
            String action,
            String note,
            KubernetesClient client,
            Instant now) {
        try {
            client.resource(event(tokenizer, type, reason, action, note, now)).create();
        } catch (KubernetesClientException e) {
            // A pass must not fail because an Event cannot be written.
            log.warn("the API server refused the Event {} with status {}", reason, e.getCode());
        }
    }

    private static boolean changed(@Nullable Condition before, Condition after) {
        return before == null
                || !before.getStatus().equals(after.getStatus())
                || !before.getReason().equals(after.getReason());
    }

    private static boolean isGood(Condition condition) {
        if (condition.getReason().equals(Step.Phase.QUARANTINED.reason())
                || condition.getReason().equals(Step.Phase.LISTING_INCOMPLETE.reason())) return false;
        return condition.getStatus().equals("True")
                || condition.getReason().equals(BucketStatus.BINDING)
                || condition.getType().equals(Conditions.ROTATING)
                || condition.getType().equals(Conditions.LINKS_ENCRYPTED)
                || condition.getStatus().equals("Unknown");
    }

    private static Event event(
            Tokenizer tokenizer, String type, String reason, String action, String note, Instant now) {
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(tokenizer.getMetadata().getNamespace())
                .withGenerateName(tokenizer.getMetadata().getName() + "-")
                .endMetadata()
                .withType(type)
                .withReason(reason)
                .withAction(action)
                .withNote(note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note)
                .withEventTime(new MicroTime(MICROSECONDS.format(now)))
                .withReportingController("lunasec.dev/" + Names.OPERATOR)
                .withReportingInstance(Names.OPERATOR)
                .withRegarding(new ObjectReferenceBuilder()
                        .withApiVersion(tokenizer.getApiVersion())
                        .withKind(tokenizer.getKind())
                        .withNamespace(tokenizer.getMetadata().getNamespace())
                        .withName(tokenizer.getMetadata().getName())
                        .withUid(tokenizer.getMetadata().getUid())
                        .build())
                .build();
    }
}
