package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a frame may do for a session after it has redeemed a code.
 *
 * @param issuer the {@code iss} claim of the issuer of the session
 * @param holder the pseudonym of the session
 * @param records those that the frame may read; none if it stores
 */
public record FrameAccess(Purpose purpose, String issuer, String holder, Set<RecordId> records) {

    /** The direction of a frame: it stores what its user types, or it shows what was stored. */
    public enum Purpose {
        TOKENIZE,
        DETOKENIZE;

        /** The one with a word of the API; null if there is none. */
        public static @Nullable Purpose named(@Nullable String word) {
            return Arrays.stream(values())
                    .filter(purpose -> purpose.word().equals(word))
                    .findFirst()
                    .orElse(null);
        }

        /** The word for it in the API. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What the frame may do, and what the application that makes its code must be allowed to do. */
        public Set<Action> actions() {
            return switch (this) {
                case TOKENIZE -> EnumSet.of(Action.TOKENIZE);
                case DETOKENIZE -> EnumSet.of(Action.DETOKENIZE, Action.METADATA);
            };
        }
    }

    public FrameAccess {
        records = Set.copyOf(records);
    }

    /** Whether a call of the frame may name a record. One that stores may name those of its uploads in parts. */
    public boolean admits(RecordId record) {
        return purpose == Purpose.TOKENIZE || records.contains(record);
    }
}
