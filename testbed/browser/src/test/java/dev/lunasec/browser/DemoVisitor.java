package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;

/** A person in the demo shop, with a browser profile of their own. */
final class DemoVisitor implements AutoCloseable {
    /** What the page of support says when the vault refuses a card. */
    static final String REFUSED = "The vault refused: this customer has not let support see the card.";

    private final BrowserContext context;
    private final String origin;
    final WatchedPage watched;
    final Page page;

    DemoVisitor(DemoVault demo, String person) {
        context = demo.visitor();
        origin = demo.origin;
        watched = new WatchedPage(context);
        page = watched.page;
        page.navigate(origin);
        page.locator("main button[value=" + person + "]").click();
    }

    void open(String path) {
        page.navigate(origin + path);
    }

    /** Fills in the form, and sends it. */
    void signUp(String name, String number, Path scan) {
        fillIn(name, number, scan);
        press("Sign up");
        page.waitForURL("**/profile");
    }

    /** Fills in the form. */
    void fillIn(String name, String number, Path scan) {
        page.waitForURL("**/sign-up");
        page.locator("[name=name]").fill(name);
        page.locator("[name=email]").fill("ada@example.com");
        FrameLocator card = frame("secure-card");
        card.locator("[autocomplete=cc-number]").pressSequentially(number);
        card.locator("[autocomplete=cc-exp]").pressSequentially("1240");
        card.locator("[autocomplete=cc-name]").fill(name);
        frame("secure-upload").locator("input").setInputFiles(scan);
        page.waitForFunction("() => document.querySelector('secure-upload').matches(':state(complete)')");
    }

    /** Clicks the button that shows a value, until its frame shows this text. */
    void show(String field, String text) {
        FrameLocator frame = frame("secure-text[field=" + field + "]");
        // A click counts only after the browser has looked whether the button is visible.
        page.waitForCondition(() -> {
            if (frame.getByText(text).first().isVisible()) return true;
            if (frame.locator("button").first().textContent().equals("Show"))
                frame.locator("button").first().click();
            return false;
        });
        assertThat(frame.getByText(text).first().isVisible()).isTrue();
    }

    /** Clicks the button that shows a card, until the page says this. */
    void showRefused(String sentence) {
        FrameLocator frame = frame("secure-text[field=number]");
        page.waitForCondition(() -> {
            if (page.getByText(sentence).first().isVisible()) return true;
            frame.locator("button").first().click();
            return false;
        });
    }

    /**
     * Clicks a button of the page. Just after a page was scrolled, Chromium still sends clicks to the frame that was
     * there before, until it has drawn the page. A person is slower than that.
     */
    void press(String button) {
        Locator found = page.locator("button:text-is('" + button + "')");
        found.scrollIntoViewIfNeeded();
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        found.click();
    }

    /** The frame of an element; on the page of support that of the newest customer. */
    FrameLocator frame(String element) {
        return page.locator(element + " iframe").first().contentFrame();
    }

    /** The names of the cookies of this browser. */
    List<String> cookies() {
        return context.cookies().stream().map(cookie -> cookie.name).toList();
    }

    @Override
    public void close() {
        context.close();
    }
}
