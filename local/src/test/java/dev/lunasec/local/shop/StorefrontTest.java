package dev.lunasec.local.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shop keeps only tokens that this browser made, and lets each person do what is theirs. */
@Tag("pure")
class StorefrontTest {
    private static final String CARD = "lunasec-11111111-2222-3333-4444-555555555555";
    private static final String SCAN = "lunasec-66666666-7777-8888-9999-aaaaaaaaaaaa";
    private static final String NUMBER = "4242424242424242";
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    Path folder;

    private final NotedGrants vault = new NotedGrants();
    private final ShopSessions sessions = new ShopSessions();
    private Customers customers;
    private Storefront storefront;

    @BeforeEach
    void open() {
        customers = new Customers(folder.resolve("shop.db"));
        storefront = at(NOW);
    }

    @AfterEach
    void close() {
        customers.close();
    }

    @Test
    void aCustomerWhoSignsUpIsARowWithTheTokens() {
        ShopSession ada = signedUp();
        assertThat(storefront.rows(ada))
                .containsExactly(Map.of(
                        "id", "1",
                        "name", "Ada",
                        "email", "ada@example.com",
                        "card", CARD,
                        "scan", SCAN,
                        "support_until", ""));
    }

    @Test
    void theCustomerMaySeeTheOwnValuesOnTheProfile() {
        ShopSession ada = signedUp();
        assertThat(storefront.profile(ada).card()).isEqualTo(CARD);
        assertThat(vault.calls)
                .containsExactly(
                        "allow " + ada.vaultSession() + " " + CARD + " 900",
                        "allow " + ada.vaultSession() + " " + SCAN + " 900");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "email", "card", "scan"})
    void aMissingFieldIsNamed(String field) {
        Map<String, String> form = form();
        form.remove(field);
        refused(form, 400, "The field " + field + " is missing; fill it in.");
        form.put(field, "");
        refused(form, 400, "The field " + field + " is missing; fill it in.");
    }

    @ParameterizedTest
    @CsvSource({"card, 4242424242424242", "scan, lunasec-1", "card, ' lunasec-11111111-2222-3333-4444-555555555555'"})
    void whatIsNotATokenIsRefusedAndNotRepeated(String field, String text) {
        Map<String, String> form = form();
        form.put(field, text);
        refused(form, 400, "The field " + field + " holds no token; let the vault's field store the value first.");
    }

    @Test
    void aCardNumberInTheFormReachesNoFile() throws Exception {
        Map<String, String> form = form();
        form.put("card", NUMBER);
        refused(form, 400, "The field card holds no token; let the vault's field store the value first.");
        assertThat(Files.readString(folder.resolve("shop.db"), StandardCharsets.ISO_8859_1))
                .doesNotContain(NUMBER);
    }

    @Test
    void aTextThatIsNoAddressOrTooLongIsRefused() {
        Map<String, String> form = form();
        form.put("email", "ada");
        refused(form, 400, "The field email is not an e-mail address; write one like ada@example.com.");
        form.put("name", "A".repeat(101));
        refused(form, 400, "The field name is too long; write at most 100 characters.");
    }

    /** Whoever finds a token of somebody else cannot have it put into the own row. */
    @Test
    void aTokenThatAnotherBrowserMadeIsRefused() {
        ShopSession eve = sessions.begin(null, Person.CUSTOMER);
        signedUp();
        assertThatThrownBy(() -> storefront.signUp(eve, form()))
                .isInstanceOfSatisfying(
                        ShopRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(403))
                .hasMessage("A token of this form was not made by this browser; go back and fill in the field again.");
        assertThat(customers.newest(5)).hasSize(1);
    }

    @Test
    void aCustomerSignsUpOnce() {
        ShopSession ada = signedUp();
        assertThatThrownBy(() -> storefront.signUp(ada, form())).hasMessageStartingWith("You have signed up already;");
    }

    @Test
    void supportMaySeeTheCardForTenMinutesAndNotTheScan() {
        ShopSession ada = signedUp();
        Customer customer = storefront.letSupportSee(ada);
        assertThat(vault.calls).containsExactly("allow " + sessions.clerk() + " " + CARD + " 600");
        Instant until = NOW.plus(Duration.ofMinutes(10));
        assertThat(storefront.supportUntil(customer)).isEqualTo(until);
        assertThat(at(until.minusMillis(1)).supportUntil(customer)).isEqualTo(until);
        assertThat(at(until).supportUntil(customer)).isNull();
    }

    @Test
    void theCustomerTakesItBack() {
        ShopSession ada = signedUp();
        storefront.letSupportSee(ada);
        Customer customer = storefront.endSupport(ada);
        assertThat(vault.calls).last().isEqualTo("revoke " + sessions.clerk() + " " + CARD);
        assertThat(storefront.supportUntil(customer)).isNull();
    }

    @Test
    void eachPersonDoesOnlyWhatIsTheirs() {
        ShopSession ada = signedUp();
        assertThatThrownBy(() -> storefront.forSupport(ada))
                .hasMessage("Only the support clerk sees the customers; go on as the clerk.");
        ShopSession clerk = sessions.begin(ada, Person.CLERK);
        assertThat(storefront.forSupport(clerk)).hasSize(1);
        assertThatThrownBy(() -> storefront.profile(clerk)).hasMessageStartingWith("Only a customer can");
        assertThatThrownBy(() -> storefront.letSupportSee(clerk)).hasMessageStartingWith("Only a customer can");
        assertThatThrownBy(() -> storefront.signUp(clerk, form())).hasMessageStartingWith("Only a customer can");
        assertThat(vault.calls).isEmpty();
    }

    @Test
    void aBrowserThatWasTheClerkIsTheSameCustomerAgain() {
        ShopSession again = sessions.begin(sessions.begin(signedUp(), Person.CLERK), Person.CUSTOMER);
        assertThat(storefront.profile(again).name()).isEqualTo("Ada");
    }

    /** Otherwise a person who has put a cookie into the browser before would be logged in with it. */
    @Test
    void eachLoginHasACookieOfItsOwn() {
        ShopSession ada = sessions.begin(null, Person.CUSTOMER);
        ShopSession clerk = sessions.begin(ada, Person.CLERK);
        assertThat(clerk.id()).isNotEqualTo(ada.id());
        assertThat(sessions.find(ada.id())).isNull();
        assertThat(sessions.find(clerk.id())).isEqualTo(clerk);
    }

    @Test
    void thePanelShowsRequestsWithShortTokensAndNoSession() {
        ShopSession ada = sessions.begin(null, Person.CUSTOMER);
        ada.seen().byBrowser("POST", "/sign-up", form());
        storefront.letSupportSee(signUp(ada));
        List<SeenRequests.Seen> seen = ada.seen().newestFirst();
        assertThat(seen.get(0).path()).isEqualTo("/grant/set");
        assertThat(seen.get(0).fields())
                .isEqualTo(
                        Map.of("tokenId", "lunasec-1111\u2026", "sessionId", "the clerk's", "customDuration", "600s"));
        assertThat(seen.get(seen.size() - 1).fields()).containsEntry("scan", "lunasec-6666\u2026");
        assertThat(seen.toString()).doesNotContain(CARD, SCAN, sessions.clerk(), ada.vaultSession(), ada.id());
    }

    private Storefront at(Instant now) {
        return new Storefront(customers, sessions, vault, Clock.fixed(now, ZoneOffset.UTC));
    }

    private ShopSession signedUp() {
        return signUp(sessions.begin(null, Person.CUSTOMER));
    }

    private ShopSession signUp(ShopSession session) {
        vault.stored(session.vaultSession(), CARD);
        vault.stored(session.vaultSession(), SCAN);
        return storefront.signUp(session, form());
    }

    private void refused(Map<String, String> form, int status, String sentence) {
        ShopSession session = sessions.begin(null, Person.CUSTOMER);
        assertThatThrownBy(() -> storefront.signUp(session, form))
                .isInstanceOfSatisfying(
                        ShopRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(status))
                .hasMessage(sentence);
        assertThat(customers.newest(5)).isEmpty();
    }

    private static Map<String, String> form() {
        return new HashMap<>(Map.of("name", "Ada", "email", "ada@example.com", "card", CARD, "scan", SCAN));
    }
}
