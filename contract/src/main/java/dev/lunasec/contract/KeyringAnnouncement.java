package dev.lunasec.contract;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The numbers of a keyring's shares, without the shares: {@code primary=2 shares=1,2}. The operator writes it on every
 * pod, and the pod's program refuses to run with fewer shares, so a pod that runs has loaded them all.
 *
 * @param primary the number of the share that new records use
 * @param shares the numbers of all shares in the keyring, ascending
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

    /** Parses the text that {@link #toString} writes; empty for any other text. */
    public static Optional<KeyringAnnouncement> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) return Optional.empty();
        List<Integer> shares =
                Stream.of(form.group(2).split(",")).map(Integer::valueOf).toList();
        return Optional.of(new KeyringAnnouncement(Integer.parseInt(form.group(1)), shares));
    }

    /** Returns whether this keyring has every share of the other, and a primary share that is not older. */
    public boolean covers(KeyringAnnouncement other) {
        return primary >= other.primary && shares.containsAll(other.shares);
    }

    @Override
    public String toString() {
        return "primary=" + primary + " shares="
                + String.join(",", shares.stream().map(String::valueOf).toList());
    }
}
