package dev.lunasec.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A page of a browser, with everything that it and its frames wrote to the console and sent over the network. */
final class WatchedPage {
    /**
     * What a script of the page could find: its document with open shadow roots and the values of fields, its storage,
     * cookies and history, the URLs that it loaded, and every message that it got.
     */
    private static final String SEEN = Script.read("seen-by-the-page.js");

    /** Keeps every message that the page gets, also by ports that its own scripts make. */
    static final String LISTENER = Script.read("keep-messages.js");

    final Page page;
    private final List<String> console = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    WatchedPage(BrowserContext context) {
        page = context.newPage();
        page.onConsoleMessage(message -> console.add(message.type() + ": " + message.text()));
        page.onPageError(error -> console.add("uncaught: " + error));
        page.onRequest(requests::add);
    }

    /** What the console got, as {@code type: text}. */
    List<String> console() {
        return console;
    }

    /** The requests of the page and of its frames. */
    List<Request> requests() {
        return requests;
    }

    /** The frame for a component of the original's protocol, {@code Input} for example, once it is there. */
    Frame frame(String component) {
        page.waitForCondition(() -> find(component) != null);
        return Objects.requireNonNull(find(component));
    }

    private @Nullable Frame find(String component) {
        return page.frames().stream()
                .filter(frame -> frame.url().contains("component=" + component))
                .findFirst()
                .orElse(null);
    }

    /** The places outside of the frame that hold a text: those that a script of the page sees, and what it sent. */
    List<String> placesWith(String text) {
        List<String> places = new ArrayList<>();
        for (Object seen : (List<?>) page.evaluate(SEEN)) {
            if (String.valueOf(seen).contains(text)) places.add("page: " + seen);
        }
        console.stream().filter(line -> line.contains(text)).forEach(places::add);
        for (Request request : requests) {
            if (request.url().contains(text)) places.add(request.url());
            boolean ofPage = request.frame().equals(page.mainFrame());
            if (ofPage && sent(request).contains(text)) places.add("request: " + request.url());
        }
        return places;
    }

    private static String sent(Request request) {
        StringBuilder all = new StringBuilder(String.valueOf(request.postData()));
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            all.append(header.getKey()).append(header.getValue());
        }
        return all.toString();
    }
}
