package dev.lunasec.contract;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of all objects that a vault writes into its bucket; {@code docs/records.md} gives the reasons. Ids of
 * records and names of data objects are 32 hex digits. Every folder ends with a slash.
 */
public final class BucketLayout {
    /** The records of all shares, one folder for each share. */
    public static final String RECORDS = "records/";

    /** The records that could not be opened, one folder for each share. */
    public static final String QUARANTINE = "quarantine/";

    /** The records of tokens whose values are being uploaded in parts, one folder for each share. */
    public static final String UPLOADS = "uploads/";

    /** One marker for each erased record. */
    public static final String ERASED = "erased/";

    /** One entry for each token that expires, in a folder for each day. */
    public static final String EXPIRES = "expires/";

    /** The values that clients upload. */
    public static final String OBJECTS = "objects/";

    /** The objects with which the operator and the tokenizer test the store; each is deleted after its test. */
    public static final String CANARY = "canary/";

    /** The identity of the vault; exactly one object. */
    public static final String VAULT = "vault/";

    /** The folders at the top of the bucket. A bucket with any other object is not only this vault's. */
    public static final Set<String> FOLDERS =
            Set.of(RECORDS, QUARANTINE, UPLOADS, ERASED, EXPIRES, OBJECTS, CANARY, VAULT);

    private static final Pattern OF_SHARE = Pattern.compile("(?:" + RECORDS + "|" + UPLOADS + ")([1-9][0-9]{0,8})/");

    private static final Pattern EXPIRING_ON_DAY = Pattern.compile(EXPIRES + "([0-9]{4}-[0-9]{2}-[0-9]{2})/");

    private BucketLayout() {}

    /** The folder of the records of a share. */
    public static String records(int share) {
        return RECORDS + share + "/";
    }

    /** The record with an id, sealed with a share. */
    public static String record(int share, String id) {
        return records(share) + id;
    }

    /** The folders with records that are sealed with a share, and that a rotation moves to another one. */
    public static List<String> sealedWith(int share) {
        return List.of(records(share), uploads(share));
    }

    /** The share whose records a folder of {@link #sealedWith} holds; empty for any other folder. */
    public static OptionalInt shareOf(String folder) {
        Matcher share = OF_SHARE.matcher(folder);
        return share.matches() ? OptionalInt.of(Integer.parseInt(share.group(1))) : OptionalInt.empty();
    }

    /**
     * The start markers of a share: one object in each folder whose listings show that a share is not needed any more,
     * put before the first record is sealed with the share. An empty listing proves something only if the store lists
     * these.
     */
    public static List<String> startMarkers(VaultId vault, int share) {
        return Stream.of(RECORDS, UPLOADS, QUARANTINE, ERASED)
                .map(folder -> folder + "start-" + share + "-" + vault.text())
                .toList();
    }

    /** The folder of the quarantined records of a share. */
    public static String quarantine(int share) {
        return QUARANTINE + share + "/";
    }

    /** The quarantined record with an id. */
    public static String quarantined(int share, String id) {
        return quarantine(share) + id;
    }

    /** The folder of the records that wait for a value, sealed with a share. */
    public static String uploads(int share) {
        return UPLOADS + share + "/";
    }

    /** The record with an id that waits for its value, sealed with a share. */
    public static String upload(int share, String id) {
        return uploads(share) + id;
    }

    /** The marker of an erased record. */
    public static String erased(String id) {
        return ERASED + id;
    }

    /** The folder of the entries of the tokens that expire on a day in UTC, of the years 0 to 9999. */
    public static String expiring(LocalDate day) {
        return EXPIRES + day + "/";
    }

    /** The day of a folder of such entries; empty for any other folder. */
    public static Optional<LocalDate> dayOf(String folder) {
        Matcher day = EXPIRING_ON_DAY.matcher(folder);
        try {
            return day.matches() ? Optional.of(LocalDate.parse(day.group(1))) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The data object with a name. */
    public static String object(String name) {
        return OBJECTS + name;
    }

    /** The object with the {@link VaultIdentity} of a vault. */
    public static String vault(VaultId id) {
        return VAULT + id.text();
    }

    /** A canary object with a name. */
    public static String canary(String name) {
        return CANARY + name;
    }
}
