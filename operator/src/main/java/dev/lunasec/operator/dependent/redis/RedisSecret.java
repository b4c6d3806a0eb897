package dev.lunasec.operator.dependent.redis;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.BooleanWithUndefined;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The password of the managed Redis, in the forms that Redis and the tokenizer read. To rotate it, people replace it,
 * or delete it and the operator generates another one: Redis accepts the old password as well until every tokenizer pod
 * has the new one. The first write of the SDK can only create, so it never overwrites a Secret that the cache does not
 * show yet.
 */
@KubernetesDependent(useSSA = BooleanWithUndefined.TRUE)
public final class RedisSecret extends VaultDependent<Secret> {
    static final String PASSWORD = "password";
    public static final String URL = "url";
    /** The passwords that Redis accepts, in its ACL format; the liveness probe reloads them. */
    static final String USERS = "users.acl";

    /**
     * Changes if the list of accepted passwords was lost. Redis then restarts, because it may accept none of the new
     * passwords.
     */
    static final String INSTANCE = "instance";

    /** A password that needs no quoting in a URL and in the ACL file, and is long enough. */
    private static final Pattern USABLE = Pattern.compile("[0-9A-Za-z_-]{16,256}");

    private static final Pattern ACCEPTED = Pattern.compile(">(\\S+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    public RedisSecret() {
        super(Secret.class, Names::redis);
    }

    @Override
    protected Secret desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(
                tokenizer,
                getSecondaryResource(tokenizer, context).orElse(null),
                VaultObservation.in(context).everyPodHasReferences());
    }

    /** The Secret as the API server has it: the cache of the operator holds metadata of Secrets only. */
    @Override
    public Optional<Secret> getSecondaryResource(Tokenizer tokenizer, Context<Tokenizer> context) {
        Names names = Names.of(tokenizer);
        return Optional.ofNullable(context.getClient()
                .secrets()
                .inNamespace(names.namespace())
                .withName(names.redis())
                .get());
    }

    /**
     * The Secret that follows from the present one.
     *
     * @param there the present Secret; null if there is none
     * @param everyPodHasIt whether there are tokenizer pods, and all of them have the URL of the present Secret
     */
    static Secret desired(Tokenizer tokenizer, @Nullable Secret there, boolean everyPodHasIt) {
        Names names = Names.of(tokenizer);
        String password = Optional.of(text(there, PASSWORD).strip())
                .filter(text -> USABLE.matcher(text).matches())
                .orElseGet(RedisSecret::generate);
        String url = "redis://:" + password + "@" + names.redis() + "." + names.namespace() + ".svc:"
                + RedisStatefulSet.PORT;
        Set<String> accepted = new LinkedHashSet<>(List.of(password));
        if (!everyPodHasIt || !url.equals(text(there, URL))) {
            ACCEPTED.matcher(text(there, USERS)).results().forEach(old -> accepted.add(old.group(1)));
        }
        boolean known = !text(there, USERS).isBlank() && !text(there, INSTANCE).isEmpty();
        String instance = known ? text(there, INSTANCE) : UUID.randomUUID().toString();
        return new SecretBuilder()
                .withMetadata(names.metadata(names.redis(), Names.Component.GRANTS))
                .withType("Opaque")
                .withData(Map.of(
                        PASSWORD,
                        base64(password),
                        URL,
                        base64(url),
                        USERS,
                        base64(users(accepted)),
                        INSTANCE,
                        base64(instance)))
                .build();
    }

    /**
     * The only user that can log in, with what the tokenizer does, and the command of the probe. It is the user
     * {@code default}, because Redis before 7.4 closes the connections of every other user with each ACL LOAD.
     */
    private static String users(Set<String> passwords) {
        String accepted = passwords.stream().map(password -> ">" + password).collect(Collectors.joining(" "));
        return "user default on " + accepted + " " + RedisAccess.RULES + " +acl|load\n";
    }

    static String text(@Nullable Secret secret, String key) {
        if (secret == null || secret.getData() == null) return "";
        String data = secret.getData().getOrDefault(key, "");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    private static String generate() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
