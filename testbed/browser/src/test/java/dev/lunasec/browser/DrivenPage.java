package dev.lunasec.browser;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.remote.RemoteWebDriver;

/** The page of a new profile of a browser, driven by WebDriver. */
final class DrivenPage implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Looks also into the shadow root in which a field of the frame hides. */
    private static final String FIND = "return document.querySelector(arguments[0])"
            + " ?? document.querySelector('.root')?.shadowRoot.querySelector(arguments[0])";

    private static final String FRAME =
            "return document.querySelector(arguments[0]).shadowRoot.querySelector('iframe')";

    /** What stands in the frame of an element for a value until its user clicks. */
    private static final String HIDDEN = "\u2022".repeat(6);

    private static final String READY =
            "(name) => customElements.whenDefined(name).then(() => document.querySelector(name).ready)";

    private final RemoteWebDriver driver;

    DrivenPage(WebDriverBrowser browser) {
        driver = browser.newProfile();
        driver.manage().timeouts().pageLoadTimeout(DEADLINE).scriptTimeout(DEADLINE);
    }

    /** Loads a URL. */
    void open(String url) {
        driver.get(url);
    }

    void reload() {
        driver.navigate().refresh();
    }

    /** Waits until it shows a page. */
    void waitForPath(String path) {
        await().atMost(DEADLINE).until(() -> {
            String url = driver.getCurrentUrl();
            return url != null && url.endsWith(path);
        });
    }

    /**
     * Calls a function in the page, or in the frame inside {@link #inFrame}.
     *
     * @param function of JavaScript; a promise is awaited
     */
    @Nullable
    Object evaluate(String function, Object... arguments) {
        String script = "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
                + " new Promise((resolve) => resolve((" + function + ")(...given)))"
                + ".then((value) => done({ value }), (error) => done({ failure: String(error) }));";
        Object answer = driver.executeAsyncScript(script, arguments);
        if (!(answer instanceof Map<?, ?> outcome)) throw new IllegalStateException("no answer");
        if (outcome.get("failure") != null) throw new IllegalStateException(String.valueOf(outcome.get("failure")));
        return outcome.get("value");
    }

    /** The same for a function that returns a text. */
    String text(String function, Object... arguments) {
        return String.valueOf(evaluate(function, arguments));
    }

    /** What a script of the page could find that contains a text. */
    List<String> placesWith(String text) {
        List<?> seen = (List<?>) Objects.requireNonNull(evaluate(Script.read("seen-by-the-page.js")));
        return seen.stream()
                .map(String::valueOf)
                .filter(each -> each.contains(text))
                .toList();
    }

    /** Does something in the frame of an element, once it can be used. */
    <T> T inFrame(String element, Supplier<T> action) {
        evaluate(READY, element);
        driver.switchTo().frame((WebElement) Objects.requireNonNull(driver.executeScript(FRAME, element)));
        try {
            return action.get();
        } finally {
            driver.switchTo().defaultContent();
        }
    }

    /**
     * Clicks the field in the frame of an element, and types. WebKitWebDriver clicks no element in a shadow root, and
     * sends it no keys. So the click goes to what has the root, and the keys go to what has the focus then.
     */
    void type(String element, String keys) {
        inFrame(element, () -> {
            click(".root");
            new Actions(driver).sendKeys(keys).perform();
            return true;
        });
    }

    /** Chooses a file in the frame of an element. */
    void choose(String element, Path file) {
        inFrame(element, () -> {
            find("input").sendKeys(file.toString());
            return true;
        });
    }

    void click(String selector) {
        find(selector).click();
    }

    /** Stores what the field has. */
    String commit(String element) {
        return text("(name) => document.querySelector(name).commit()", element);
    }

    /** Clicks the button of an element that shows a token, and waits until its frame has a text. */
    void reveal(String element, String text) {
        inFrame(
                element,
                () -> await().atMost(DEADLINE)
                        .until(
                                () -> {
                                    String shown = text("() => document.querySelector('p').textContent");
                                    // Another click while the text is loaded, or after that, would hide it again.
                                    if (shown.equals(HIDDEN)) click("button");
                                    return shown.equals(text);
                                },
                                Boolean::booleanValue));
    }

    private WebElement find(String selector) {
        return (WebElement) Objects.requireNonNull(
                await().atMost(DEADLINE).until(() -> driver.executeScript(FIND, selector), Objects::nonNull));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
