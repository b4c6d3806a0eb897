package dev.lunasec.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.local.shop.Shop;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Visits the demo shop as a browser does, but without one: it sends forms, keeps the cookie, and logs in at the vault.
 */
final class ShopVisitor implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");
    private static final Pattern TOKEN = Pattern.compile("[?&]openid_token=([^&]+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI shop;
    private final URI vault;
    private String cookie = "";

    ShopVisitor(URI shop, URI vault) {
        this.shop = shop;
        this.vault = vault;
    }

    /**
     * Sends a form of the shop.
     *
     * @throws IllegalStateException if the shop refuses it
     */
    void send(String path, Map<String, String> form) throws IOException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(shop.resolve(path))
                .header("cookie", cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
        require(answer, 303, "the form " + path);
        answer.headers().firstValue("set-cookie").ifPresent(set -> cookie = set.replaceFirst(";.*", ""));
    }

    /** Asks the shop for JSON. */
    JsonNode get(String path) throws IOException {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(shop.resolve(path)).header("cookie", cookie));
        require(answer, 200, path);
        return JSON.readTree(answer.body());
    }

    /**
     * Logs in at the vault by the redirects that the web components start.
     *
     * @return the JWT that the vault has accepted, and that a browser would keep in a cookie
     */
    String logInAtVault() throws IOException {
        HttpResponse<String> begun = send(HttpRequest.newBuilder(vault.resolve(HttpPaths.SESSION_ENSURE)));
        require(begun, 302, HttpPaths.SESSION_ENSURE);
        String state = found(STATE, location(begun));
        HttpResponse<String> sentBack = send(HttpRequest.newBuilder(shop.resolve(Shop.LOGIN + "?state=" + state))
                .header("cookie", cookie));
        require(sentBack, 302, "the login of the shop");
        URI end = URI.create(location(sentBack));
        HttpResponse<String> loggedIn = send(HttpRequest.newBuilder(
                        vault.resolve(end.getRawPath() + "?" + end.getRawQuery()))
                .header("cookie", begun.headers().firstValue("set-cookie").orElse("")));
        require(loggedIn, 200, HttpPaths.SESSION_CREATE);
        return found(TOKEN, location(sentBack));
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void require(HttpResponse<String> answer, int status, String what) {
        if (answer.statusCode() != status)
            throw new IllegalStateException(
                    "The answer to " + what + " has the status " + answer.statusCode() + " instead of " + status + ".");
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    private static String found(Pattern parameter, String url) {
        Matcher found = parameter.matcher(url);
        if (found.find()) return found.group(1);
        throw new IllegalStateException("A redirect of the login has no parameter that matches " + parameter + ".");
    }
}
