package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.AuthSpec;
import dev.lunasec.api.v1alpha1.ClaimMappingsSpec;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.ClaimRule;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Maps an issuer of the resource to the settings that the tokenizer reads. */
final class IssuerMapper {
    /** The claim that names the caller where the resource names none: RFC 7519, 4.1.2. */
    private static final String SUBJECT = "sub";

    private IssuerMapper() {}

    /** @throws InvalidSettings if the schema accepts the issuer but the tokenizer would not */
    static Issuer of(IssuerSpec issuer) {
        return new Issuer(
                issuer.name(),
                issuer.issuer(),
                issuer.audience(),
                jwksUrl(issuer),
                issuer.trustedCA() != null,
                issuer.kinds().stream().map(IssuerMapper::kind).collect(Collectors.toSet()),
                actions(issuer.actions()),
                issuer.claimValidationRules().stream()
                        .map(rule -> new ClaimRule(rule.claim(), rule.requiredValue()))
                        .toList(),
                claimMappings(issuer, issuer.claimMappings()),
                SettingsMapper.uri("auth.issuers[].loginUrl", issuer.loginUrl()));
    }

    static Set<Action> actions(List<AuthSpec.Action> actions) {
        return actions.stream().map(action -> Action.valueOf(action.name())).collect(Collectors.toSet());
    }

    private static Issuer.Kind kind(IssuerSpec.Kind kind) {
        return Issuer.Kind.valueOf(kind.name());
    }

    /** The rule of the schema, for a resource that is older than the rule. */
    private static @Nullable URI jwksUrl(IssuerSpec issuer) {
        boolean discovered = issuer.jwksUrl() == null;
        String field = discovered ? "auth.issuers[].issuer" : "auth.issuers[].jwksUrl";
        URI url = SettingsMapper.required(field, issuer.keysUrl());
        if (issuer.allowInsecure() || "https".equals(url.getScheme())) return discovered ? null : url;
        throw new InvalidSettings("spec." + field + " of " + issuer.name()
                + " does not begin with https://; write such a URL, or set allowInsecure to true.");
    }

    private static ClaimMappings claimMappings(IssuerSpec issuer, @Nullable ClaimMappingsSpec mappings) {
        if (mappings == null) return ClaimMappings.ORIGINAL;
        List<KindMapping> kinds = mappings.kinds().stream()
                .map(mapping -> new KindMapping(
                        kind(mapping.kind()),
                        mapping.claim(),
                        mapping.requiredValue(),
                        actions(mapping.actions() == null ? issuer.actions() : mapping.actions())))
                .toList();
        return new ClaimMappings(subject(mappings), mappings.session().claim(), kinds);
    }

    /** Without kinds, the claim sub names the kind of the caller. */
    private static @Nullable String subject(ClaimMappingsSpec mappings) {
        ClaimMappingsSpec.Claim subject = mappings.subject();
        if (subject != null) return subject.claim();
        return mappings.kinds().isEmpty() ? null : SUBJECT;
    }
}
