package dev.lunasec.tokenizer.session;

import dev.lunasec.contract.Issuer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of an issuer that sends a browser back with a JWT of its user.
 *
 * @param name of the issuer in the settings
 * @param issuer the {@code iss} claim
 */
record LoginPage(String name, String issuer, URI url) {

    /** Those of the issuers that have one. */
    static List<LoginPage> of(List<Issuer> issuers) {
        List<LoginPage> pages = new ArrayList<>();
        for (Issuer issuer : issuers) {
            URI url = issuer.loginUrl();
            if (url != null) pages.add(new LoginPage(issuer.name(), issuer.issuer(), url));
        }
        return List.copyOf(pages);
    }

    /** The URL of the page with the state of a login. */
    URI with(String state) {
        return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + "state=" + state);
    }
}
