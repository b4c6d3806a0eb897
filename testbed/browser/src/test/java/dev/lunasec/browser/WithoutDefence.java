package dev.lunasec.browser;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FetchOptions;
import com.microsoft.playwright.Route.FulfillOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Removes a defence on the way between the browser and the tokenizer, to show that it is what stops an attack. */
final class WithoutDefence {
    /** The URL of the script of the frame, as a pattern of Playwright. */
    static final String FRAME_SCRIPT = "**/page/frame.js";

    private WithoutDefence() {}

    /** As if the tokenizer took cookies from every page and let every page read its answers. */
    static void asTheFrameWould(Route route, BrowserVault vault, BrowserContext user) {
        Map<String, String> headers = new HashMap<>(route.request().headers());
        String cookies = user.cookies(vault.vaultOrigin()).stream()
                .map(cookie -> cookie.name + "=" + cookie.value)
                .collect(Collectors.joining("; "));
        headers.put("cookie", cookies);
        String page = headers.getOrDefault("origin", vault.shopOrigin());
        headers.putAll(Map.of(
                "origin", vault.vaultOrigin(), "sec-fetch-site", "same-origin", "content-type", "application/json"));
        withHeaders(
                route,
                new FetchOptions().setHeaders(headers),
                Map.of("access-control-allow-origin", page, "access-control-allow-credentials", "true"));
    }

    /** A script without one of its checks. */
    static void changed(Route route, String check, String without) {
        APIResponse answer = fetch(route, new FetchOptions());
        String script = answer.text();
        if (!script.contains(check)) throw new IllegalStateException("the script has no such check: " + check);
        route.fulfill(new FulfillOptions().setResponse(answer).setBody(script.replace(check, without)));
    }

    /** Playwright fetches by itself, and does not know that names under localhost lead to this host. */
    private static APIResponse fetch(Route route, FetchOptions request) {
        return route.fetch(request.setUrl(route.request().url().replaceFirst("//[^/:]+", "//127.0.0.1")));
    }

    /** An answer with other headers. */
    static void withHeaders(Route route, Map<String, String> added) {
        withHeaders(route, new FetchOptions(), added);
    }

    private static void withHeaders(Route route, FetchOptions request, Map<String, String> added) {
        APIResponse answer = fetch(route, request);
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.putAll(added);
        route.fulfill(new FulfillOptions().setResponse(answer).setHeaders(headers));
    }
}
