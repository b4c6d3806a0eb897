package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two people use the demo shop of {@code ./run} in a browser. Neither its pages, nor the network, nor the console ever
 * hold the card number.
 */
@Tag("browser")
class DemoShopTest {
    private static final String NUMBER = "4000056655665556";
    private static final String SHOWN = "4000 0566 5566 5556";
    private static final String AT_VAULT = "__Host-access_token";

    @TempDir
    static Path folder;

    @AutoClose
    private static DemoVault demo;

    private static Path scan;

    @BeforeAll
    static void start() throws IOException {
        demo = new DemoVault(folder);
        scan = Files.writeString(folder.resolve("passport.png"), "a scan");
    }

    @Test
    void supportSeesACardOnlyWhileItsCustomerLetsIt() throws IOException {
        try (DemoVisitor customer = new DemoVisitor(demo, "customer");
                DemoVisitor clerk = new DemoVisitor(demo, "clerk")) {
            customer.signUp("Ada Example", NUMBER, scan);
            customer.show("number", SHOWN);
            customer.show("expiry", "12/40");
            Download saved = customer.page.waitForDownload(
                    () -> customer.frame("secure-download").locator("button").click());
            assertThat(Files.readString(saved.path())).isEqualTo("a scan");

            clerk.open("/support");
            clerk.showRefused(DemoVisitor.REFUSED);
            customer.press("Let support see my card for ten minutes");
            customer.page.locator("text=Support can see your card until").waitFor();
            clerk.show("number", SHOWN);
            customer.press("Take it back now");
            customer.page.locator("text=Support cannot see your card").waitFor();
            clerk.open("/support");
            clerk.showRefused(DemoVisitor.REFUSED);

            for (DemoVisitor visitor : List.of(customer, clerk)) {
                assertThat(visitor.watched.placesWith(NUMBER)).isEmpty();
                assertThat(visitor.watched.placesWith(SHOWN)).isEmpty();
                assertThat(visitor.watched.console())
                        .noneMatch(line -> line.matches("(error|uncaught): .*(CSP|Content).*"));
            }
        }
    }

    /** The shop and the vault forget the browser, whose next visitor may be somebody else. */
    @Test
    void whoeverLeavesTheShopIsLoggedOutAtTheVault() {
        try (DemoVisitor customer = new DemoVisitor(demo, "customer")) {
            customer.fillIn("Ada Example", NUMBER, scan);
            assertThat(customer.cookies()).contains(AT_VAULT);
            customer.press("Leave the shop");
            customer.page.locator("main button[value=customer]").waitFor();
            assertThat(customer.cookies()).isEmpty();
        }
    }

    /** The row as it is stored, the names of objects, and the requests with the beginnings of tokens. */
    @Test
    void thePanelShowsWhatTheShopHolds() {
        try (DemoVisitor customer = new DemoVisitor(demo, "customer")) {
            customer.signUp("Grace Example", NUMBER, scan);
            Page page = customer.page;
            page.locator("#rows code:text-matches('^lunasec-[0-9a-f-]{36}$')")
                    .first()
                    .waitFor();
            page.locator("#objects code:text-matches('^objects/')").first().waitFor();
            page.locator("#requests code:text-matches('^card: lunasec-[0-9a-f]{4}\u2026$')")
                    .waitFor();
            assertThat(page.locator("#requests").textContent()).doesNotContainPattern("lunasec-[0-9a-f]{5}|eyJ");
        }
    }
}
