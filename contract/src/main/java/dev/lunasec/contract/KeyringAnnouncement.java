package dev.lunasec.contract;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which shares a keyring has, without the shares: {@code primary=2 shares=1,2}. The operator writes it on every pod, and the
 * pod's program refuses to run with less than it says: so who sees the pod run knows what it has loaded.
 *
 * @param primary the share that new records use
 * @param shares all live ones, ascending
 */
public record KeyringAnnouncement(int primary, List<Integer> shares) {
    /** The highest number that a share may have: nine digits. */
    public static final int HIGHEST = 999_999_999;

    private static final String NUMBER = "[1-9][0-9]{0,8}";
    private static final Pattern FORM =
            Pattern.compile("primary=(" + NUMBER + ") shares=(" + NUMBER + "(?:," + NUMBER + ")*)");

    public KeyringAnnouncement {
        shares = shares.stream().sorted().toList();
    }

    /** Reads {@link #toString}; empty for any other text. */
    public static Optional<KeyringAnnouncement> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) return Optional.empty();
        List<Integer> shares =
                Stream.of(form.group(2).split(",")).map(Integer::valueOf).toList();
        return Optional.of(new KeyringAnnouncement(Integer.parseInt(form.group(1)), shares));
    }

    /** Whether this one is as new as the other: nothing of it is missing, and its primary share is not an older one. */
    public boolean covers(KeyringAnnouncement other) {
        return primary >= other.primary && shares.containsAll(other.shares);
    }

    @Override
    public String toString() {
        return "primary=" + primary + " shares="
                + String.join(",", shares.stream().map(String::valueOf).toList());
    }
}
