package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.BooleanWithUndefined;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The password of the managed Redis, and what is written with it. The password is made once and then taken from the Secret itself; the SDK's
 * first write can only create, so a Secret that the cache has not seen yet is not overwritten.
 */
@KubernetesDependent(useSSA = BooleanWithUndefined.TRUE)
public final class RedisSecret extends VaultObject<Secret> {
    static final String PASSWORD = "password";
    static final String URL = "url";
    static final String CONFIGURATION = "redis.conf";

    private static final SecureRandom RANDOM = new SecureRandom();

    public RedisSecret() {
        super(Secret.class, Names::redis);
    }

    @Override
    protected Secret desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(
                tokenizer,
                getSecondaryResource(tokenizer, context)
                        .flatMap(RedisSecret::password)
                        .orElseGet(RedisSecret::generate));
    }

    static Secret desired(Tokenizer tokenizer, String password) {
        Names names = Names.of(tokenizer);
        String url = "redis://:" + password + "@" + names.redis() + "." + names.namespace() + ".svc:"
                + RedisStatefulSet.PORT;
        String configuration = """
                requirepass %s
                appendonly yes
                # Under the limit of the container, which would end it; what does not fit is refused, never dropped.
                maxmemory 160mb
                maxmemory-policy noeviction
                """.formatted(password);
        return new SecretBuilder()
                .withMetadata(names.metadata(names.redis(), Names.Component.GRANTS))
                .withType("Opaque")
                .withData(Map.of(PASSWORD, base64(password), URL, base64(url), CONFIGURATION, base64(configuration)))
                .build();
    }

    static Optional<String> password(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(PASSWORD))
                .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))
                .filter(password -> !password.isBlank());
    }

    /** Stands for what is in the Secret; its password of 256 random bits is not to be guessed from it. */
    static String fingerprint(Secret secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String key : List.of(PASSWORD, CONFIGURATION)) {
                digest.update(secret.getData().getOrDefault(key, "").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
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
