package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.AuthSpec;
import dev.lunasec.api.v1alpha1.GrantsSpec;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.StorageSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec;
import dev.lunasec.contract.Frame;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.SettingsHash;
import dev.lunasec.contract.TokenizerSettings;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Maps the resource to the settings that the tokenizer reads. */
public final class SettingsMapper {
    private SettingsMapper() {}

    /**
     * The settings of a vault.
     *
     * @throws InvalidSettings if the schema accepts the resource but the tokenizer would not
     */
    public static TokenizerSettings of(Tokenizer tokenizer) {
        TokenizerSpec spec = tokenizer.getSpec();
        StorageSpec storage = spec.storage();
        Names names = Names.of(tokenizer);
        return new TokenizerSettings(
                names.vaultName(),
                new TokenizerSettings.Storage(
                        storage.bucket(),
                        storage.region(),
                        uri("storage.endpoint", storage.endpoint()),
                        uri("storage.publicEndpoint", storage.publicEndpoint()),
                        storage.pathStyleAccess(),
                        Quantity.getAmountInBytes(storage.maximumObjectSize())
                                .setScale(0, RoundingMode.DOWN)
                                .longValueExact(),
                        duration("storage.urlLifetime", storage.urlLifetime()),
                        storage.requireSize()),
                new TokenizerSettings.Grants(
                        duration("grants.defaultDuration", spec.grants().defaultDuration()),
                        duration("grants.maximumDuration", spec.grants().maximumDuration()),
                        spec.grants().recordCopies() == GrantsSpec.RecordCopies.ENABLED),
                new TokenizerSettings.Auth(
                        duration("auth.outageTolerance", spec.auth().outageTolerance()),
                        duration(
                                "auth.maximumServiceAccountTokenLifetime",
                                spec.auth().maximumServiceAccountTokenLifetime()),
                        spec.auth().simpleApi() == AuthSpec.SimpleApi.ENABLED),
                spec.auth().issuers().stream().map(IssuerMapper::of).toList(),
                spec.auth().applications().stream()
                        .map(application -> new TokenizerSettings.Application(
                                application.serviceAccount().namespace(),
                                application.serviceAccount().name(),
                                IssuerMapper.actions(application.actions()),
                                issuer(spec.auth(), application)))
                        .toList(),
                new Frame(spec.frame().origin(), spec.frame().allowedOrigins()));
    }

    /** The hash of the settings. It is on the pods, so a change replaces them. */
    public static SettingsHash hash(Tokenizer tokenizer) {
        return SettingsHash.of(of(tokenizer).toJson());
    }

    /** The iss claim of the issuer whose sessions the pods of an application can name. */
    private static @Nullable String issuer(AuthSpec auth, AuthSpec.Application application) {
        if (application.issuer() == null) {
            return auth.issuers().size() == 1 ? auth.issuers().get(0).issuer() : null;
        }
        return auth.issuers().stream()
                .filter(issuer -> issuer.name().equals(application.issuer()))
                .map(IssuerSpec::issuer)
                .findFirst()
                .orElseThrow(() -> new InvalidSettings("spec.auth.applications[].issuer is " + application.issuer()
                        + ", which is not the name of an issuer; write one of the names in spec.auth.issuers."));
    }

    /**
     * A URL of the resource.
     *
     * @param field its name under {@code spec}
     * @throws InvalidSettings if the schema accepts it but it is not a URL
     */
    public static @Nullable URI uri(String field, @Nullable String text) {
        return text == null ? null : required(field, text);
    }

    static URI required(String field, String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && uri.getPort() <= 65535) return uri;
            throw new InvalidSettings("spec." + field + " has no valid host; write a URL like https://example.com.");
        } catch (URISyntaxException e) {
            throw new InvalidSettings("spec." + field + " is not a URL; write one like https://example.com.", e);
        }
    }

    private static Duration duration(String field, String text) {
        return GoDuration.parse(text)
                .orElseThrow(() -> new InvalidSettings("spec." + field + " is not a duration; write one like 15m."));
    }
}
