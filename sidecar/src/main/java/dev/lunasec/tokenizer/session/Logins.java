package dev.lunasec.tokenizer.session;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.auth.Authenticator;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.JwtExpiry;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.LoginStates;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Logs browsers in. A browser gets a state and goes to the page of an issuer. It returns with the state and a JWT of
 * its user, which becomes its cookie. The state proves that this browser began the login. Without it, a page could log
 * the browser in as somebody else, who would then hold grants for what the user stores.
 */
public final class Logins {
    /**
     * A login that has begun.
     *
     * @param page where the browser goes; its URL holds the state
     * @param cookie the value of {@code Set-Cookie}
     */
    public record Begun(URI page, String cookie) {
        /** Without the state. */
        @Override
        public String toString() {
            return "Begun[hidden]";
        }
    }

    /**
     * A browser that is logged in.
     *
     * @param cookies the values of {@code Set-Cookie}
     */
    public record LoggedIn(Caller caller, List<String> cookies) {
        /** Without the cookies. */
        @Override
        public String toString() {
            return "LoggedIn[" + caller + "]";
        }
    }

    private final List<LoginPage> pages;
    private final Authenticator authenticator;
    private final LoginStates states;
    private final Clock clock;

    /** @param issuers browsers can log in at those with a {@link Issuer#loginUrl()} */
    public Logins(List<Issuer> issuers, Authenticator authenticator, LoginStates states, Clock clock) {
        this.pages = LoginPage.of(issuers);
        this.authenticator = authenticator;
        this.states = states;
        this.clock = clock;
    }

    /**
     * Begins a login.
     *
     * @param provider the name of the issuer; null for the only one
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST} when there is no such login, or what {@link LoginStates#begin}
     *     throws
     */
    public Begun begin(@Nullable String provider) {
        LoginPage page = page(provider);
        String state = states.begin(page.name());
        return new Begun(page.with(state), SessionCookies.state(state));
    }

    /**
     * Ends a login.
     *
     * @param state of the request; null when it is missing
     * @param cookie the state of the browser; null when it is missing
     * @param jwt of the request; null when it is missing
     * @throws CallFailed {@link ErrorCode#INVALID_STATE} when this browser did not begin the login at the issuer of the
     *     JWT, or has ended it before; {@link ErrorCode#NOT_ALLOWED} when the JWT is of an application; {@link
     *     ErrorCode#BAD_REQUEST}; or what the {@link Authenticator} and {@link LoginStates#take} throw
     */
    public LoggedIn end(@Nullable String state, @Nullable String cookie, @Nullable String jwt) {
        if (state == null || jwt == null) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "The parameter state or openid_token is missing; send the state of the login and the JWT.");
        }
        if (cookie == null || !equal(cookie, state)) throw invalidState();
        requireCookieSize(jwt);
        Caller caller = authenticator.authenticate(jwt);
        if (caller.kind() == Kind.APPLICATION) {
            throw new CallFailed(
                    ErrorCode.NOT_ALLOWED,
                    "The JWT is of an application, which has no browser; send the JWT of a user.");
        }
        Duration lifetime = Duration.between(clock.instant(), JwtExpiry.of(jwt));
        if (lifetime.toSeconds() < 1)
            throw new CallFailed(ErrorCode.UNAUTHENTICATED, "The JWT has expired; begin again at /session/ensure.");
        if (!states.take(state, nameOfIssuer(caller))) throw invalidState();
        return new LoggedIn(caller, List.of(SessionCookies.login(jwt, lifetime), SessionCookies.noState()));
    }

    /** What ends every login of a browser: the values of {@code Set-Cookie}. */
    public static List<String> forgotten() {
        return List.of(SessionCookies.noLogin(), SessionCookies.noState());
    }

    private LoginPage page(@Nullable String provider) {
        if (provider == null && pages.size() == 1) return pages.get(0);
        return pages.stream()
                .filter(page -> page.name().equals(provider))
                .findFirst()
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.BAD_REQUEST,
                        "There is no such login; send in auth_provider the name of an entry of spec.auth.issuers that"
                                + " has a loginUrl."));
    }

    private String nameOfIssuer(Caller caller) {
        return pages.stream()
                .filter(page -> page.issuer().equals(caller.issuer()))
                .findFirst()
                .map(LoginPage::name)
                .orElseThrow(Logins::invalidState);
    }

    private static void requireCookieSize(String jwt) {
        if (jwt.length() > SessionCookies.LONGEST_JWT) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "The JWT is longer than browsers keep a cookie; sign one of at most " + SessionCookies.LONGEST_JWT
                            + " characters.");
        }
        if (!SessionCookies.canHold(jwt)) {
            throw new CallFailed(
                    ErrorCode.UNAUTHENTICATED, "The parameter openid_token is no JWT; send a signed one as it is.");
        }
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static CallFailed invalidState() {
        return new CallFailed(
                ErrorCode.INVALID_STATE,
                "This browser has begun no such login, or ended it before; begin again at /session/ensure.");
    }
}
