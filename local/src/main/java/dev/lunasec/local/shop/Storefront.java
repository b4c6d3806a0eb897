package dev.lunasec.local.shop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what each visitor of the shop may do, and does it. */
final class Storefront {
    /** How long support may see a card after its customer has allowed it. */
    static final Duration SUPPORT = Duration.ofMinutes(10);

    /** How long a customer may see the own values after the profile was loaded. */
    private static final Duration OWN = Duration.ofMinutes(15);

    /** How many customers the clerk sees. */
    private static final int LISTED = 5;

    private final Customers customers;
    private final ShopSessions sessions;
    private final Grants vault;
    private final Clock clock;

    Storefront(Customers customers, ShopSessions sessions, Grants vault, Clock clock) {
        this.customers = customers;
        this.sessions = sessions;
        this.vault = vault;
        this.clock = clock;
    }

    /**
     * Signs a customer up. The vault must say that this browser stored both values: otherwise someone who has found a
     * token of another customer could have it put into the own row, and would be shown its value.
     *
     * @throws ShopRefusal 400 for a wrong form, 403 for a clerk and for a token of somebody else
     */
    ShopSession signUp(ShopSession session, Map<String, String> form) {
        requireCustomer(session, "sign up");
        if (session.customer().isPresent())
            throw ShopRefusal.badInput(
                    "You have signed up already; leave the shop first to sign up as another customer.");
        SignUp signUp = SignUp.of(form);
        for (String token : List.of(signUp.card(), signUp.scan())) {
            if (!grants(session).holds(session.vaultSession(), token))
                throw ShopRefusal.forbidden(
                        "A token of this form was not made by this browser; go back and fill in the field again.");
        }
        return sessions.keep(session.signedUp(customers.add(signUp).id()));
    }

    /**
     * The customer's own row. The customer may see the own values for some minutes from then on.
     *
     * @throws ShopRefusal 403 for a clerk, 404 before the customer has signed up
     */
    Customer profile(ShopSession session) {
        Customer customer = own(session);
        for (String token : List.of(customer.card(), customer.scan())) {
            grants(session).allow(session.vaultSession(), token, OWN);
        }
        return customer;
    }

    /** Lets support see the customer's card for ten minutes; throws as {@link #profile} does. */
    Customer letSupportSee(ShopSession session) {
        Customer customer = own(session);
        grants(session).allow(sessions.clerk(), customer.card(), SUPPORT);
        return customers.letSupportSee(customer.id(), clock.instant().plus(SUPPORT));
    }

    /** Takes that back; throws as {@link #profile} does. */
    Customer endSupport(ShopSession session) {
        Customer customer = own(session);
        grants(session).revoke(sessions.clerk(), customer.card());
        return customers.letSupportSee(customer.id(), null);
    }

    /**
     * The customers, for support. Their tokens alone let nobody see a card.
     *
     * @throws ShopRefusal 403 for a customer
     */
    List<Customer> forSupport(ShopSession session) {
        if (session.person() != Person.CLERK)
            throw ShopRefusal.forbidden("Only the support clerk sees the customers; go on as the clerk.");
        return customers.newest(LISTED);
    }

    /** Until when support may see the card; null if it may not, or not any more. */
    @Nullable
    Instant supportUntil(Customer customer) {
        Instant until = customer.supportUntil();
        return until != null && until.isAfter(clock.instant()) ? until : null;
    }

    /** The rows of the database that concern a visitor, as they are stored. */
    List<Map<String, String>> rows(ShopSession session) {
        if (session.person() == Person.CLERK) {
            return customers.newest(LISTED).stream()
                    .map(customer -> customers.row(customer.id()))
                    .toList();
        }
        return session.customer().stream().mapToObj(customers::row).toList();
    }

    private Customer own(ShopSession session) {
        requireCustomer(session, "have a profile");
        return session.customer().stream()
                .mapToObj(customers::find)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> ShopRefusal.notFound("You have not signed up yet; do that first."));
    }

    private Grants grants(ShopSession session) {
        return new SeenGrants(vault, session.seen(), sessions.clerk());
    }

    private static void requireCustomer(ShopSession session, String what) {
        if (session.person() != Person.CUSTOMER)
            throw ShopRefusal.forbidden("Only a customer can " + what + "; go on as the customer.");
    }
}
