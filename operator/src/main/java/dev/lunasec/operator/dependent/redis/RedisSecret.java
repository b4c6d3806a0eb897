package dev.lunasec.operator.dependent.redis;

import dev.lunasec.api.v1alpha1.Tokenizer;
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
 * The password of the managed Redis, and what is written with it. Whoever replaces it, or takes it away and so has a new one made, rotates
 * it: Redis takes the old one as well until every tokenizer pod has the new one. The SDK's first write can only create, so a Secret that
 * the cache has not seen yet is not overwritten.
 */
@KubernetesDependent(useSSA = BooleanWithUndefined.TRUE)
public final class RedisSecret extends VaultDependent<Secret> {
    static final String PASSWORD = "password";
    public static final String URL = "url";
    /** The passwords that Redis takes, in its own format; it reads them again and again. */
    static final String USERS = "users.acl";

    /** Another one when it is not known any more which passwords Redis takes: it has to start again then. */
    static final String INSTANCE = "instance";

    /** What needs no quoting in a URL and in that file, and is not to be guessed. */
    private static final Pattern FIT = Pattern.compile("[0-9A-Za-z_-]{16,256}");

    private static final Pattern TAKEN = Pattern.compile(">(\\S+)");
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

    /**
     * The Secret as it follows from the one that is there.
     *
     * @param everyPodHasIt whether there are tokenizer pods, and none has another URL than the one that stands there
     */
    static Secret desired(Tokenizer tokenizer, @Nullable Secret there, boolean everyPodHasIt) {
        Names names = Names.of(tokenizer);
        String password = Optional.of(text(there, PASSWORD).strip())
                .filter(text -> FIT.matcher(text).matches())
                .orElseGet(RedisSecret::generate);
        String url = "redis://:" + password + "@" + names.redis() + "." + names.namespace() + ".svc:"
                + RedisStatefulSet.PORT;
        Set<String> taken = new LinkedHashSet<>(List.of(password));
        if (!everyPodHasIt || !url.equals(text(there, URL))) {
            TAKEN.matcher(text(there, USERS)).results().forEach(old -> taken.add(old.group(1)));
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
                        base64(users(taken)),
                        INSTANCE,
                        base64(instance)))
                .build();
    }

    private static String users(Set<String> passwords) {
        String taken = passwords.stream().map(password -> ">" + password).collect(Collectors.joining(" "));
        return "user default on " + taken + " ~* &* +@all\n";
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
