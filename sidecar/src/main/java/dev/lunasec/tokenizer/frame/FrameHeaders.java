package dev.lunasec.tokenizer.frame;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The headers of the page. They let pages of the allowed origins embed it, and let it load the scripts and styles that
 * this answer names, call the tokenizer, and transfer objects of the vault's bucket. They forbid everything else.
 */
final class FrameHeaders {
    /**
     * What Chromium would let a page do and this one never does. Absent are the two that components need, which keep
     * the usual rule: the embedding page delegates them ({@code autofill} and {@code clipboard-write}).
     */
    private static final List<String> OFF = List.of(
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "clipboard-read",
            "display-capture",
            "encrypted-media",
            "fullscreen",
            "gamepad",
            "geolocation",
            "gyroscope",
            "hid",
            "identity-credentials-get",
            "idle-detection",
            "keyboard-map",
            "local-fonts",
            "magnetometer",
            "microphone",
            "midi",
            "otp-credentials",
            "payment",
            "picture-in-picture",
            "publickey-credentials-create",
            "publickey-credentials-get",
            "screen-wake-lock",
            "serial",
            "storage-access",
            "usb",
            "window-management",
            "xr-spatial-tracking");

    private FrameHeaders() {}

    /**
     * All of them, in the order in which they are sent.
     *
     * @param nonce of this answer
     * @param allowedOrigins of the pages that can embed it
     * @param objectsUrl what the URLs of objects begin with
     */
    static Map<String, String> of(String nonce, List<String> allowedOrigins, String objectsUrl) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Security-Policy", policy(nonce, allowedOrigins, objectsUrl));
        headers.put("Permissions-Policy", String.join("=(), ", OFF) + "=()");
        headers.put("Referrer-Policy", "no-referrer");
        // A page that has asked for isolation can embed it, and its own parts are isolated too.
        headers.put("Cross-Origin-Resource-Policy", "cross-origin");
        headers.put("Cross-Origin-Embedder-Policy", "require-corp");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        // A process of its own, where the browser can, also in a page of the same site; and no document.domain.
        headers.put("Origin-Agent-Cluster", "?1");
        return headers;
    }

    private static String policy(String nonce, List<String> allowedOrigins, String objectsUrl) {
        String ancestors = allowedOrigins.isEmpty() ? "'none'" : String.join(" ", allowedOrigins);
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'nonce-" + nonce + "' 'strict-dynamic'",
                "style-src 'nonce-" + nonce + "'",
                "connect-src 'self' " + source(objectsUrl),
                "img-src 'none'",
                "font-src 'none'",
                "form-action 'none'",
                "base-uri 'none'",
                "frame-ancestors " + ancestors,
                "require-trusted-types-for 'script'",
                "trusted-types 'none'");
    }

    /** In a policy, these two characters separate. */
    private static String source(String url) {
        return url.replace(";", "%3B").replace(",", "%2C");
    }
}
