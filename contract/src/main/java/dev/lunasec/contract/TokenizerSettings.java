package dev.lunasec.contract;

import static dev.lunasec.contract.SettingsRules.between;
import static dev.lunasec.contract.SettingsRules.http;
import static dev.lunasec.contract.SettingsRules.list;
import static dev.lunasec.contract.SettingsRules.ordered;
import static dev.lunasec.contract.SettingsRules.required;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a tokenizer: the content of {@code settings.json}. It holds no secret and no path. The class is long
 * because each section is a record in it.
 *
 * @param vault the name of the vault
 * @param storage the object store
 * @param grants the durations of grants, and what is kept beside them
 * @param auth how callers are checked
 * @param issuers the issuers of the JWTs of callers; no two have the same name or the same {@code iss}
 * @param applications the ServiceAccounts whose pods may call with their token; no two are the same
 * @param frame how browsers reach the tokenizer
 */
public record TokenizerSettings(
        VaultName vault,
        Storage storage,
        Grants grants,
        Auth auth,
        List<Issuer> issuers,
        List<Application> applications,
        Frame frame) {

    /** The name of the resource and its namespace. */
    public record VaultName(String namespace, String name) {
        public VaultName {
            required("vault.namespace", namespace);
            required("vault.name", name);
        }

        /**
         * The only audience of a ServiceAccount token with which a pod calls this vault; no other vault accepts the
         * token.
         */
        public String audience() {
            return "tokenizer/" + namespace + "/" + name;
        }
    }

    /**
     * The object store.
     *
     * @param endpoint the address at which the tokenizer reaches the store; null for AWS
     * @param publicEndpoint the address at which clients reach the store, which signed URLs have; null for the same as
     *     {@code endpoint}
     * @param maximumObjectSize in bytes, 1 to 5 TiB
     * @param urlLifetime of a signed URL, 1 s to 7 days (what Signature Version 4 allows)
     * @param requireSize whether a caller of {@code /tokenize} must give the size of the value
     */
    public record Storage(
            String bucket,
            String region,
            @Nullable URI endpoint,
            @Nullable URI publicEndpoint,
            boolean pathStyleAccess,
            long maximumObjectSize,
            Duration urlLifetime,
            boolean requireSize) {
        public Storage {
            required("storage.bucket", bucket);
            required("storage.region", region);
            http("storage.endpoint", endpoint);
            http("storage.publicEndpoint", publicEndpoint);
            if (maximumObjectSize < 1 || maximumObjectSize > 5L << 40) {
                throw new InvalidSettings("storage.maximumObjectSize is " + maximumObjectSize
                        + "; write a number of bytes from 1 to 5497558138880 (5Ti).");
            }
            between("storage.urlLifetime", urlLifetime, Duration.ofSeconds(1), Duration.ofDays(7));
        }

        /** Where the bucket is, as the keyring pins it. */
        public BucketLocation location() {
            return BucketLocation.of(endpoint, publicEndpoint, region, bucket, pathStyleAccess);
        }
    }

    /**
     * The grants.
     *
     * @param defaultDuration of a grant if the caller gives none, 1 s to {@code maximumDuration}
     * @param maximumDuration the longest that a caller may give, 1 s to 30 days
     * @param recordCopies whether Redis keeps copies of sealed records beside grants, each for a minute at most
     */
    public record Grants(Duration defaultDuration, Duration maximumDuration, boolean recordCopies) {
        public Grants {
            between("grants.maximumDuration", maximumDuration, Duration.ofSeconds(1), Duration.ofDays(30));
            between("grants.defaultDuration", defaultDuration, Duration.ofSeconds(1), maximumDuration);
        }
    }

    /**
     * How callers are checked.
     *
     * @param outageTolerance how long the keys of an issuer are used after the last fetch that succeeded, 5 minutes to
     *     24 hours
     * @param maximumServiceAccountTokenLifetime the longest time between issue and expiry of a ServiceAccount token, 10
     *     minutes (the shortest that Kubernetes issues) to 24 hours
     * @param simpleApi whether callers without credentials can use the Simple API
     */
    public record Auth(Duration outageTolerance, Duration maximumServiceAccountTokenLifetime, boolean simpleApi) {
        public Auth {
            between("auth.outageTolerance", outageTolerance, Duration.ofMinutes(5), Duration.ofHours(24));
            between(
                    "auth.maximumServiceAccountTokenLifetime",
                    maximumServiceAccountTokenLifetime,
                    Duration.ofMinutes(10),
                    Duration.ofHours(24));
        }
    }

    /** What a caller may do. */
    public enum Action {
        TOKENIZE,
        DETOKENIZE,
        GRANT,
        VERIFY,
        METADATA,
        ERASE,
        REKEY;

        /** The word in the resource: {@code Tokenize} for example. */
        public String label() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }

        /** The action with this word in the resource; empty if there is none. */
        static Optional<Action> labelled(String label) {
            return Arrays.stream(values()).filter(a -> a.label().equals(label)).findFirst();
        }
    }

    /**
     * The pods of one ServiceAccount.
     *
     * @param issuer the {@code iss} claim of the issuer whose sessions they give grants to; null when they give none
     */
    public record Application(
            String namespace,
            String name,
            Set<Action> actions,
            @Nullable String issuer) {
        public Application {
            required("applications[].namespace", namespace);
            required("applications[].name", name);
            actions = ordered("applications[].actions", actions, Action.class);
        }
    }

    public TokenizerSettings {
        if (vault == null) throw new InvalidSettings("vault is missing; write the vault's namespace and name.");
        if (storage == null) throw new InvalidSettings("storage is missing; write at least storage.bucket.");
        if (grants == null) {
            throw new InvalidSettings("grants is missing; write defaultDuration, maximumDuration and recordCopies.");
        }
        if (auth == null) {
            throw new InvalidSettings(
                    "auth is missing; write outageTolerance, maximumServiceAccountTokenLifetime and" + " simpleApi.");
        }
        issuers = list("issuers", issuers);
        applications = list("applications", applications);
        frame = frame == null ? Frame.NONE : frame;
        frame.checkLogins(issuers);
        Set<String> seen = new HashSet<>();
        for (Issuer issuer : issuers) {
            if (!seen.add("name " + issuer.name()) || !seen.add("iss " + issuer.issuer())) {
                throw new InvalidSettings("issuers has two entries with the name " + issuer.name() + " or the issuer "
                        + issuer.issuer() + "; make each different.");
            }
        }
        for (Application application : applications) {
            String pods = application.namespace() + "/" + application.name();
            if (!seen.add("application " + pods)) {
                throw new InvalidSettings("applications has two entries for the ServiceAccount " + pods
                        + "; write one with all its actions.");
            }
            if (application.issuer() != null && !seen.contains("iss " + application.issuer())) {
                throw new InvalidSettings("applications[].issuer is " + application.issuer()
                        + ", which is not the issuer of an entry of issuers; write the iss claim of one of them.");
            }
        }
    }

    /**
     * Parses {@code settings.json}.
     *
     * @throws InvalidSettings naming the first wrong field
     */
    public static TokenizerSettings parse(String json) {
        return SettingsJson.read(json);
    }

    /** Writes {@code settings.json}. Equal settings give equal text, so an unchanged resource changes no ConfigMap. */
    public String toJson() {
        return SettingsJson.write(this);
    }
}
