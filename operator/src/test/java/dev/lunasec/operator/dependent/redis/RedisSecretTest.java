package dev.lunasec.operator.dependent.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.RedisAccess;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How one Secret follows from the other while the password of Redis is replaced. */
@Tag("pure")
class RedisSecretTest {
    private static final String OLD = "the-old-password-0123456789";
    private static final String NEW = "the-new-password-0123456789";

    /** What the tokenizer does and what the probe needs; {@code RedisAccessTest} runs the tokenizer with it. */
    private static final String RULES = " " + RedisAccess.RULES + " +acl|load\n";

    @Test
    void aPasswordIsMadeOnceAndStays() {
        Secret made = next(null, false);
        String password = text(made, "password");
        assertThat(password).matches("[0-9a-f]{64}");
        assertThat(text(made, "url")).isEqualTo("redis://:" + password + "@vault-redis.payments.svc:6379");
        assertThat(text(made, "users.acl")).isEqualTo("user default on >" + password + RULES);
        for (boolean everyPodHasIt : new boolean[] {false, true}) {
            assertThat(next(made, everyPodHasIt).getData()).isEqualTo(made.getData());
        }
        assertThat(text(next(null, false), "password")).isNotEqualTo(password);
    }

    @Test
    void theOldPasswordIsTakenUntilEveryPodHasTheNewOne() {
        Secret replaced = with(settled(), NEW);
        // Every pod has what stands in the URL, and that is the old one still.
        Secret announced = next(replaced, true);
        assertThat(text(announced, "url")).contains(NEW);
        assertThat(text(announced, "users.acl")).isEqualTo("user default on >" + NEW + " >" + OLD + RULES);
        assertThat(next(announced, false).getData()).isEqualTo(announced.getData());
        assertThat(text(next(announced, true), "users.acl")).isEqualTo("user default on >" + NEW + RULES);
    }

    @Test
    void oneThatIsReplacedAgainMeanwhileIsTakenAsWell() {
        Secret announced = next(with(settled(), NEW), true);
        Secret again = next(with(announced, "one-more-password-0123456789"), false);
        assertThat(text(again, "users.acl"))
                .isEqualTo("user default on >one-more-password-0123456789 >" + NEW + " >" + OLD + RULES);
    }

    @Test
    void whereThereIsNoneOrOneThatDoesNotFitAnotherIsMade() {
        for (String unfit :
                new String[] {"", "short", "with a space in it", "with@sign-0123456789", "x>y-0123456789ab"}) {
            Secret made = next(with(settled(), unfit), true);
            assertThat(text(made, "password")).as(unfit).matches("[0-9a-f]{64}");
            assertThat(text(made, "users.acl")).contains(">" + OLD + " ").contains(">" + text(made, "password") + " ");
        }
    }

    @Test
    void redisStartsAgainOnlyWhenItIsNotKnownWhatItTakes() {
        Secret settled = settled();
        assertThat(text(next(with(settled, NEW), true), "instance")).isEqualTo(text(settled, "instance"));
        Secret replaced = next(with(null, NEW), true);
        assertThat(text(replaced, "instance")).isNotEmpty().isNotEqualTo(text(settled, "instance"));
        Secret emptied = new SecretBuilder(settled).removeFromData("users.acl").build();
        assertThat(text(next(emptied, true), "instance")).isNotEmpty().isNotEqualTo(text(settled, "instance"));
    }

    private static Secret settled() {
        return next(next(with(null, OLD), false), true);
    }

    private static Secret next(@Nullable Secret there, boolean everyPodHasIt) {
        Tokenizer tokenizer = new Tokenizer();
        tokenizer.getMetadata().setName("vault");
        tokenizer.getMetadata().setNamespace("payments");
        return RedisSecret.desired(tokenizer, there, everyPodHasIt);
    }

    private static Secret with(@Nullable Secret there, String password) {
        SecretBuilder builder = there == null ? new SecretBuilder() : new SecretBuilder(there);
        return builder.addToData(
                        "password", Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
