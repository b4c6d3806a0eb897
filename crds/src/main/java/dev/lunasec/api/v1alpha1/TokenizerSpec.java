package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.DURATION;
import static dev.lunasec.api.v1alpha1.Rules.DURATION_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.KEY;
import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.ORIGIN;
import static dev.lunasec.api.v1alpha1.Rules.URL;
import static dev.lunasec.api.v1alpha1.Rules.URL_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a vault is to be. The API server fills in every default, so a component without {@code @Nullable} is never null in a resource
 * that was read from it.
 */
@JsonInclude(Include.NON_NULL)
public record TokenizerSpec(
        @SpecReplicas @Default("2") @Min(0) @Max(100) @JsonPropertyDescription("How many tokenizer pods run, 0 to 100.")
        int replicas,

        @Required @JsonPropertyDescription("The object store that holds records and objects.")
        Storage storage,

        @Default("{}") @JsonPropertyDescription("How long grants last, and the Redis that holds them.")
        Grants grants,

        @Default("{}") @JsonPropertyDescription("The service's share of every key.")
        Keys keys,

        @Default("{}") @JsonPropertyDescription("Who may call the tokenizer.")
        Auth auth,

        @Default("{}") @JsonPropertyDescription("The frame that browsers show for a secret's input.")
        Frame frame,

        @Nullable @JsonPropertyDescription("Serves callers over HTTPS; absent for HTTP.")
        Tls tls,

        @Nullable
        @JsonPropertyDescription(
                "Lets a HorizontalPodAutoscaler choose the number of pods, in the place of replicas; absent for none.")
        Autoscaling autoscaling,

        @Default("{}") @JsonPropertyDescription("Who reaches the pods through the network.")
        NetworkPolicy networkPolicy,

        @Default("{}") @JsonPropertyDescription("How the pods are monitored.")
        Monitoring monitoring,

        @Default("{}") @JsonPropertyDescription("What every tokenizer pod is given, and where it may run.")
        Pods pods) {

    /** The object store. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.bucket == oldSelf.bucket",
            fieldPath = ".bucket",
            reason = "FieldValueForbidden",
            message =
                    "A vault never changes its bucket; write the old name, or create another Tokenizer for the new one.")
    @ValidationRule(
            value = "self.bucket.matches('^[a-z0-9][a-z0-9-]*([.][a-z0-9][a-z0-9-]*)*$') && !self.bucket.contains('-.')"
                    + " && !self.bucket.endsWith('-') && self.bucket.size() >= 3",
            fieldPath = ".bucket",
            message =
                    "Write a bucket name of 3 to 63 lower-case letters, digits, dots and hyphens, like payments-vault.")
    @ValidationRule(
            value = "self.region.matches('^[A-Za-z0-9][A-Za-z0-9_-]*$')",
            fieldPath = ".region",
            message = "Write the name of a region, like eu-central-1.")
    @ValidationRule(
            value = "!has(self.endpoint) || self.endpoint." + ORIGIN,
            fieldPath = ".endpoint",
            message = "Write an address without a path, like https://s3.internal:9000.")
    @ValidationRule(
            value = "!has(self.publicEndpoint) || self.publicEndpoint." + ORIGIN,
            fieldPath = ".publicEndpoint",
            message = "Write an address without a path, like https://s3.example.com.")
    @ValidationRule(
            value = "isQuantity(string(self.maximumObjectSize)) && quantity(string(self.maximumObjectSize)).isInteger()"
                    + " && quantity(string(self.maximumObjectSize)).compareTo(quantity('1')) >= 0"
                    + " && quantity(string(self.maximumObjectSize)).compareTo(quantity('5Ti')) <= 0",
            fieldPath = ".maximumObjectSize",
            message = "Write a number of bytes from 1 to 5Ti, like 5Gi.")
    @ValidationRule(
            value = "self.urlLifetime." + DURATION + " && duration(self.urlLifetime) >= duration('1s')"
                    + " && duration(self.urlLifetime) <= duration('168h')",
            fieldPath = ".urlLifetime",
            message = "Write a duration from 1s to 168h, like 60s.")
    @ValidationRule(
            value = "!has(self.confirmDeletion) || self.confirmDeletion == self.bucket",
            fieldPath = ".confirmDeletion",
            message = "Write the name of the bucket that may be deleted, the same as bucket.")
    public record Storage(
            @Required
            @Size(max = 63)
            @JsonPropertyDescription("The bucket; it belongs to this vault alone, and a vault never changes it.")
            String bucket,

            @Default("us-east-1") @Size(max = 63) @JsonPropertyDescription("The region that requests are signed for.")
            String region,

            @Nullable
            @Size(max = URL_LENGTH)
            @JsonPropertyDescription(
                    "Where the store is, without a path; absent for AWS. A change must lead to the same store: records are not copied.")
            String endpoint,

            @Nullable
            @Size(max = URL_LENGTH)
            @JsonPropertyDescription(
                    "Where clients reach the store, the host of signed URLs; absent for the same as endpoint.")
            String publicEndpoint,

            @Default("false")
            @JsonPropertyDescription(
                    "Whether the bucket stands in the path instead of the host name; most stores other than AWS want true.")
            boolean pathStyleAccess,

            @Nullable
            @JsonPropertyDescription(
                    "The keys for the store; absent for the cloud identity of the pods, and the operator's own, which it has to be"
                            + " installed with allowOwnIdentity for.")
            SecretName credentials,

            @Nullable
            @JsonPropertyDescription("The authority that signed the store's certificate; absent for the public ones.")
            ConfigMapKey trustedCA,

            @Default("Create")
            @JsonPropertyDescription(
                    "Create makes the bucket or takes one that already is this vault's; Adopt takes one that exists and sets it up;"
                            + " Verify changes nothing and only checks.")
            Provisioning provisioning,

            @Default("Retain")
            @JsonPropertyDescription(
                    "What happens to the bucket and the keys when the resource is deleted: Retain keeps them; Delete destroys both, all"
                            + " records and objects included, but only if confirmDeletion names the bucket too.")
            DeletionPolicy deletionPolicy,

            @Nullable
            @Size(max = 63)
            @JsonPropertyDescription("The name of the bucket once more, for a deletionPolicy of Delete.")
            String confirmDeletion,

            @Default("\"5Gi\"") @JsonPropertyDescription("The largest object in bytes, 1 to 5Ti.")
            Quantity maximumObjectSize,

            @Default("60s")
            @Size(max = DURATION_LENGTH)
            @JsonPropertyDescription("How long a signed URL is good, 1s to 168h.")
            String urlLifetime,

            @Default("false")
            @JsonPropertyDescription(
                    "Whether a caller of tokenize must give the size; only then the store holds every upload to the maximum.")
            boolean requireSize) {}

    /** How the operator comes to the bucket. */
    public enum Provisioning {
        @JsonProperty("Create")
        CREATE,
        @JsonProperty("Adopt")
        ADOPT,
        @JsonProperty("Verify")
        VERIFY
    }

    /** What happens to what cannot be had again. */
    public enum DeletionPolicy {
        @JsonProperty("Retain")
        RETAIN,
        @JsonProperty("Delete")
        DELETE
    }

    /** A Secret of the same namespace with the keys {@code accessKeyId} and {@code secretAccessKey}. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.secretName." + NAME,
            fieldPath = ".secretName",
            message = "Write the name of a Secret in the same namespace, like s3-credentials.")
    public record SecretName(
            @Required
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription("A Secret of the same namespace with the keys accessKeyId and secretAccessKey.")
            String secretName) {}

    /** A key of a ConfigMap of the same namespace. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.configMapName." + NAME,
            fieldPath = ".configMapName",
            message = "Write the name of a ConfigMap in the same namespace, like internal-ca.")
    @ValidationRule(
            value = "self.key." + KEY,
            fieldPath = ".key",
            message = "Write a key of that ConfigMap, like ca.crt.")
    public record ConfigMapKey(
            @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("A ConfigMap of the same namespace.")
            String configMapName,

            @Default("ca.crt")
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription("Its key with the certificates in PEM.")
            String key) {}

    /** Grants: who may read what, for how long. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.defaultDuration." + DURATION + " && duration(self.defaultDuration) >= duration('1s')"
                    + " && duration(self.defaultDuration) <= duration('720h')",
            fieldPath = ".defaultDuration",
            message = "Write a duration from 1s to 720h, like 15m.")
    @ValidationRule(
            value = "self.maximumDuration." + DURATION + " && duration(self.maximumDuration) >= duration('1s')"
                    + " && duration(self.maximumDuration) <= duration('720h')",
            fieldPath = ".maximumDuration",
            message = "Write a duration from 1s to 720h, like 1h.")
    @ValidationRule(
            value = "!self.defaultDuration." + DURATION + " || !self.maximumDuration." + DURATION
                    + " || duration(self.defaultDuration) <= duration(self.maximumDuration)",
            fieldPath = ".defaultDuration",
            message = "Write a defaultDuration that is not longer than maximumDuration.")
    public record Grants(
            @Default("15m")
            @Size(max = DURATION_LENGTH)
            @JsonPropertyDescription("How long a grant lasts when its maker does not say, 1s to maximumDuration.")
            String defaultDuration,

            @Default("1h")
            @Size(max = DURATION_LENGTH)
            @JsonPropertyDescription("The longest that a grant may last, 1s to 720h.")
            String maximumDuration,

            @Default("{}")
            @JsonPropertyDescription("The Redis that holds the grants: managed (when nothing is said) or external.")
            Redis redis) {}

    /**
     * One of two: a Redis that the operator runs, or another one. Neither means the first; it is no default of the schema, because
     * server-side apply could not take such a default away again for the other one.
     */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "!(has(self.managed) && has(self.external))",
            message = "Write either managed or external, not both; leave out the one that is not to be.")
    @ValidationRule(
            value = "has(self.external) || has(oldSelf.external)"
                    + " || (has(self.managed) ? string(self.managed.storage) : '1Gi')"
                    + " == (has(oldSelf.managed) ? string(oldSelf.managed.storage) : '1Gi')",
            reason = "FieldValueForbidden",
            message =
                    "The volume of a managed Redis never changes its size; write the old managed.storage (1Gi when there was none),"
                            + " or use an external Redis.")
    public record Redis(
            @Nullable
            @JsonPropertyDescription("A Redis that the operator runs; what there is when external is absent, too.")
            ManagedRedis managed,

            @Nullable @JsonPropertyDescription("A Redis that runs elsewhere.")
            ExternalRedis external) {}

    /** A Redis that the operator runs: one pod with a volume. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value =
                    "isQuantity(string(self.storage)) && quantity(string(self.storage)).compareTo(quantity('16Mi')) >= 0"
                            + " && quantity(string(self.storage)).compareTo(quantity('1Ti')) <= 0",
            fieldPath = ".storage",
            message = "Write a size from 16Mi to 1Ti, like 1Gi.")
    public record ManagedRedis(
            @Default("\"" + ManagedRedis.STORAGE + "\"")
            @JsonPropertyDescription("The size of its volume, 16Mi to 1Ti; it cannot be changed later.")
            Quantity storage) {
        /** The size when none is given. */
        public static final String STORAGE = "1Gi";
    }

    /** A Redis that runs elsewhere. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.secretName." + NAME,
            fieldPath = ".secretName",
            message = "Write the name of a Secret in the same namespace, like redis.")
    @ValidationRule(value = "self.key." + KEY, fieldPath = ".key", message = "Write a key of that Secret, like url.")
    public record ExternalRedis(
            @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("A Secret of the same namespace.")
            String secretName,

            @Default("url")
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription("Its key with a URL like rediss://user:password@redis.example.com:6380.")
            String key,

            @Nullable
            @JsonPropertyDescription("The authority that signed the certificate of Redis; absent for the public ones.")
            ConfigMapKey trustedCA) {}

    /** The service's share of every key. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.rotation >= oldSelf.rotation",
            fieldPath = ".rotation",
            message = "Keys are never rotated back; write the old number or a higher one.")
    @ValidationRule(
            value = "!has(self.maximumAge) || (self.maximumAge." + DURATION
                    + " && duration(self.maximumAge) >= duration('1m')"
                    + " && duration(self.maximumAge) <= duration('87600h'))",
            fieldPath = ".maximumAge",
            message = "Write a duration from 1m to 87600h, like 2160h.")
    @ValidationRule(
            value = "self.gracePeriod." + DURATION + " && duration(self.gracePeriod) <= duration('8760h')",
            fieldPath = ".gracePeriod",
            message = "Write a duration from 0s to 8760h, like 168h.")
    @ValidationRule(
            value = "!has(self.backupWindow) || (self.backupWindow." + DURATION
                    + " && duration(self.backupWindow) <= duration('8760h'))",
            fieldPath = ".backupWindow",
            message = "Write a duration from 0s to 8760h, like 720h.")
    @ValidationRule(
            value = "!has(self.backupWindow) || !self.backupWindow." + DURATION + " || !self.gracePeriod." + DURATION
                    + " || duration(self.gracePeriod) >= duration(self.backupWindow)",
            fieldPath = ".gracePeriod",
            message =
                    "A backup of the bucket that is older than a destroyed share can't be read; write a gracePeriod of at"
                            + " least the backupWindow.")
    @ValidationRule(
            value = "(self.compromised + self.keep + self.giveUp).all(n, n >= 1)",
            message = "Write numbers of shares in compromised, keep and giveUp, from 1 up.")
    @ValidationRule(
            value = "!self.keep.exists(n, n in self.compromised)",
            fieldPath = ".keep",
            message = "A compromised share can't be kept; take it out of keep or out of compromised.")
    public record Keys(
            @Default("1")
            @Min(1)
            @Max(1_000_000)
            @JsonPropertyDescription("Raise it by one: the keys of all records rotate.")
            int rotation,

            @Nullable
            @Size(max = DURATION_LENGTH)
            @JsonPropertyDescription("The age at which keys rotate by themselves, 1m to 87600h; absent for never.")
            String maximumAge,

            @Default("168h")
            @Size(max = DURATION_LENGTH)
            @JsonPropertyDescription("How long a retired share can still be brought back, 0s to 8760h.")
            String gracePeriod,

            @Nullable
            @Size(max = DURATION_LENGTH)
            @JsonPropertyDescription(
                    "How old the oldest backup of the bucket is that must still be of use; gracePeriod must be as long."
                            + " Absent when there are none.")
            String backupWindow,

            @Default("100")
            @Min(1)
            @Max(100_000)
            @JsonPropertyDescription(
                    "How many records a rotation moves per second, all workers together, 1 to 100000; four requests to the"
                            + " store for each.")
            int rewrapRate,

            @Default("2") @Min(1) @Max(16) @JsonPropertyDescription("How many pods move records, 1 to 16.")
            int rewrapWorkers,

            @Default("[]")
            @Size(max = 16)
            @JsonPropertyDescription(
                    "Numbers of shares that a stranger may have: a rotation begins at once, goes at full rate, and destroys"
                            + " them without grace.")
            List<Integer> compromised,

            @Default("[]")
            @Size(max = 16)
            @JsonPropertyDescription("Numbers of shares that stay in the keyring; one that was retired comes back.")
            List<Integer> keep,

            @Default("[]")
            @Size(max = 16)
            @JsonPropertyDescription(
                    "Numbers of shares whose damaged records under quarantine/ are given up: they no longer keep the share"
                            + " from being retired.")
            List<Integer> giveUp) {}

    /** Who may call. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.issuers.all(a, self.issuers.exists_one(b, a.name == b.name))",
            fieldPath = ".issuers",
            message = "Two issuers have the same name; write a different name for each.")
    @ValidationRule(
            value = "self.issuers.all(a, self.issuers.exists_one(b, a.issuer == b.issuer))",
            fieldPath = ".issuers",
            message = "Two entries have the same issuer; write one entry for each iss claim.")
    @ValidationRule(
            value =
                    "self.applications.all(a, self.applications.exists_one(b, a.serviceAccount.name == b.serviceAccount.name"
                            + " && a.serviceAccount.__namespace__ == b.serviceAccount.__namespace__))",
            fieldPath = ".applications",
            message = "Two entries have the same ServiceAccount; write one with all its actions.")
    @ValidationRule(
            value = "self.applications.all(a, !has(a.issuer) || self.issuers.exists(i, i.name == a.issuer))",
            fieldPath = ".applications",
            message = "An application names an issuer that is not in auth.issuers; write the name of one that is.")
    public record Auth(
            @Default("[]")
            @Size(max = 16)
            @JsonPropertyDescription("Who signs the JWTs of users and applications, up to 16.")
            List<Issuer> issuers,

            @Default("[]")
            @Size(max = 64)
            @JsonPropertyDescription("Pods that come with their ServiceAccount token, up to 64.")
            List<Application> applications) {}

    /** One who signs JWTs. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
            fieldPath = ".name",
            message = "Write a name of lower-case letters, digits and hyphens, like shop.")
    @ValidationRule(
            value = "self.issuer.size() > 0 && self.audience.size() > 0",
            message = "Write the iss claim as issuer and the aud claim as audience, neither of them empty.")
    @ValidationRule(
            value = "self.jwksUrl." + URL,
            fieldPath = ".jwksUrl",
            message = "Write the address of the JWKS, like https://shop.example.com/.lunasec/jwks.json.")
    @ValidationRule(
            value = "!has(self.loginUrl) || self.loginUrl." + URL,
            fieldPath = ".loginUrl",
            message = "Write the address of the login, like https://shop.example.com/.lunasec/secure-frame.")
    public record Issuer(
            @Required @Size(max = 63) @JsonPropertyDescription("Its name in readiness and metrics.")
            String name,

            @Required @Size(max = 512) @JsonPropertyDescription("The iss claim, compared exactly.")
            String issuer,

            @Required @Size(max = 512) @JsonPropertyDescription("The aud claim that must be among the token's.")
            String audience,

            @Required @Size(max = URL_LENGTH) @JsonPropertyDescription("Where its public keys are.")
            String jwksUrl,

            @Nullable
            @Size(max = URL_LENGTH)
            @JsonPropertyDescription("Where a browser gets a session; absent when it offers none.")
            String loginUrl) {}

    /** Pods that may call as an application. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.actions.size() > 0 && self.actions.all(a, self.actions.exists_one(b, a == b))",
            fieldPath = ".actions",
            message =
                    "Write each action once, at least one of Tokenize, Detokenize, Grant, Verify, Metadata, Erase and Rekey.")
    public record Application(
            @Required @JsonPropertyDescription("The ServiceAccount of the pods.")
            ServiceAccount serviceAccount,

            @Default("[\"Tokenize\", \"Detokenize\", \"Grant\", \"Verify\", \"Metadata\"]")
            @Size(max = 8)
            @JsonPropertyDescription("What they may do; without Erase and Rekey when nothing is said.")
            List<Action> actions,

            @Nullable
            @Size(max = 63)
            @JsonPropertyDescription(
                    "The name of the issuer to whose sessions they give grants; absent for the only one that there is.")
            String issuer) {}

    /** What an application may do. */
    public enum Action {
        @JsonProperty("Tokenize")
        TOKENIZE,
        @JsonProperty("Detokenize")
        DETOKENIZE,
        @JsonProperty("Grant")
        GRANT,
        @JsonProperty("Verify")
        VERIFY,
        @JsonProperty("Metadata")
        METADATA,
        @JsonProperty("Erase")
        ERASE,
        @JsonProperty("Rekey")
        REKEY
    }

    /** A ServiceAccount of any namespace. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.__namespace__.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$') && self.name." + NAME,
            message = "Write the namespace and the name of a ServiceAccount, like namespace shop and name backend.")
    public record ServiceAccount(
            @Required @Size(max = 63) @JsonPropertyDescription("The namespace of the ServiceAccount.")
            String namespace,

            @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("The name of the ServiceAccount.")
            String name) {}

    /** The frame. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.allowedOrigins.all(o, o." + ORIGIN + ")",
            fieldPath = ".allowedOrigins",
            message = "Write origins without a path or a slash at the end, like https://shop.example.com.")
    @ValidationRule(
            value = "!has(self.origin) || self.origin." + ORIGIN,
            fieldPath = ".origin",
            message = "Write an origin without a path or a slash at the end, like https://vault.example.com.")
    public record Frame(
            @Nullable
            @Size(max = 300)
            @JsonPropertyDescription(
                    "The frame's own origin, where browsers reach the tokenizer; the bucket lets its pages in. Absent when no browser comes.")
            String origin,

            @Default("[]")
            @Size(max = 64)
            @JsonPropertyDescription("The origins of the pages that may show the frame, up to 64.")
            List<@Size(max = 300) String> allowedOrigins) {}

    /** HTTPS. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.secretName." + NAME,
            fieldPath = ".secretName",
            message = "Write the name of a Secret of type kubernetes.io/tls in the same namespace, like vault-tls.")
    public record Tls(
            @Required
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription(
                    "A Secret of the same namespace with tls.crt and tls.key, as cert-manager writes it; a renewed one is used without a"
                            + " restart.")
            String secretName) {}

    /** The HorizontalPodAutoscaler. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.minReplicas <= self.maxReplicas",
            fieldPath = ".minReplicas",
            message = "Write a minReplicas that is not over maxReplicas.")
    public record Autoscaling(
            @Default("2") @Min(1) @Max(100) @JsonPropertyDescription("The fewest pods, 1 to 100.")
            int minReplicas,

            @Required @Min(1) @Max(100) @JsonPropertyDescription("The most pods, 1 to 100.")
            int maxReplicas,

            @Default("75")
            @Min(1)
            @Max(100)
            @JsonPropertyDescription("The use of the requested CPU that is aimed at, in percent.")
            int targetCPUUtilization) {}

    /** Who reaches the pods. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.callers.all(c, c.__namespace__.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'))",
            fieldPath = ".callers",
            message = "Write the name of a namespace, like ingress-nginx.")
    public record NetworkPolicy(
            @Default("Enabled")
            @JsonPropertyDescription(
                    "Enabled lets pods in only that carry the label lunasec.dev/tokenizer-client=<name of the vault>, in its own namespace or in one"
                            + " of auth.applications, and the pods of callers; Disabled makes no policy.")
            Mode mode,

            @Default("[]")
            @Size(max = 32)
            @JsonPropertyDescription("Other pods that are let in, an ingress controller for example, up to 32 entries.")
            List<CallerPods> callers) {}

    /** Pods of a namespace. */
    @JsonInclude(Include.NON_NULL)
    public record CallerPods(
            @Required @Size(max = 63) @JsonPropertyDescription("The namespace of the pods.")
            String namespace,

            @Default("{}") @JsonPropertyDescription("The labels that they carry; empty for all pods of the namespace.")
            Map<String, String> podLabels) {}

    /** A switch. */
    public enum Mode {
        @JsonProperty("Enabled")
        ENABLED,
        @JsonProperty("Disabled")
        DISABLED
    }

    /** Monitoring. */
    @JsonInclude(Include.NON_NULL)
    public record Monitoring(
            @Nullable
            @JsonPropertyDescription(
                    "Makes a ServiceMonitor for the Prometheus operator, where its CRD is installed; absent for none.")
            ServiceMonitor serviceMonitor) {}

    /** The ServiceMonitor. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.interval.matches('^[0-9]{1,4}(s|m|h)$')",
            fieldPath = ".interval",
            message = "Write an interval like 30s.")
    public record ServiceMonitor(
            @Default("30s") @Size(max = 5) @JsonPropertyDescription("How often the metrics are read, 30s for example.")
            String interval,

            @Default("{}") @JsonPropertyDescription("Labels by which Prometheus selects it.")
            Map<String, String> labels) {}

    /** The tokenizer pods. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.serviceAccountName) || self.serviceAccountName." + NAME,
            fieldPath = ".serviceAccountName",
            message = "Write the name of a ServiceAccount in the same namespace, like vault.")
    public record Pods(
            @Nullable
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription(
                    "The ServiceAccount of the pods, for a store that knows them by it; absent for the namespace's default one.")
            String serviceAccountName,

            @Default("{\"requests\": {\"cpu\": \"100m\", \"memory\": \"384Mi\"}, \"limits\": {\"memory\": \"512Mi\"}}")
            @JsonPropertyDescription("The CPU and the memory of a pod.")
            Resources resources,

            @Default("{}") @JsonPropertyDescription("The labels of the nodes that they may run on.")
            Map<String, String> nodeSelector,

            @Default("[]") @Size(max = 32) @JsonPropertyDescription("The taints of nodes that they tolerate.")
            List<Toleration> tolerations,

            @Nullable
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription("Their PriorityClass; absent for the default one.")
            String priorityClassName) {}

    /** What a pod may use. */
    @JsonInclude(Include.NON_NULL)
    public record Resources(
            @Nullable @JsonPropertyDescription("What is set aside, by cpu and memory.")
            Map<String, Quantity> requests,

            @Nullable @JsonPropertyDescription("What it may not go over, by cpu and memory.")
            Map<String, Quantity> limits) {}

    /** A taint that is tolerated, as in a pod. */
    @JsonInclude(Include.NON_NULL)
    public record Toleration(
            @Nullable @Size(max = 253) @JsonPropertyDescription("The key of the taint; absent for all.")
            String key,

            @Nullable @Size(max = 6) @JsonPropertyDescription("Exists or Equal (the default).")
            String operator,

            @Nullable @Size(max = 63) @JsonPropertyDescription("The value of the taint, for Equal.")
            String value,

            @Nullable
            @Size(max = 16)
            @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute; absent for all.")
            String effect,

            @Nullable @JsonPropertyDescription("How many seconds a taint of NoExecute is tolerated; absent for ever.")
            Long tolerationSeconds) {}
}
