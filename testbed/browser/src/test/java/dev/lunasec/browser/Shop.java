package dev.lunasec.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.testing.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The application: it serves the pages of a test at every name that leads to this host, logs users in at the vault by
 * the redirects of the original, and keeps what its forms send.
 */
final class Shop implements AutoCloseable {
    /** The user's own session in the shop. */
    private static final Pattern SESSION = Pattern.compile("shop-session=([a-z0-9-]+)");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STATE = Pattern.compile("state=([^&]+)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final List<String> forms = new CopyOnWriteArrayList<>();
    private final JwtIssuer issuer;
    private final Api vault;
    private final String vaultOrigin;

    /**
     * Serves on a port of this host.
     *
     * @param vault where the back end of the shop reaches the vault
     * @param vaultOrigin where browsers reach it
     */
    Shop(int port, JwtIssuer issuer, Api vault, String vaultOrigin) {
        this.issuer = issuer;
        this.vault = vault;
        this.vaultOrigin = vaultOrigin;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::page);
        server.createContext("/.lunasec/secure-frame", this::login);
        server.createContext("/code", this::code);
        server.createContext("/form", this::form);
        server.start();
    }

    /** Serves a page from now on. */
    void serve(String path, String html) {
        pages.put(path, html);
    }

    /** The bodies of the forms that were sent, as they came. */
    List<String> forms() {
        return forms;
    }

    private void page(HttpExchange exchange) throws IOException {
        String html = pages.get(exchange.getRequestURI().getPath());
        boolean script = exchange.getRequestURI().getPath().endsWith(".js");
        exchange.getResponseHeaders().set("Content-Type", script ? "text/javascript" : "text/html; charset=utf-8");
        answer(exchange, html == null ? 404 : 200, html == null ? "no such page" : html);
    }

    /** Sends the browser back to the vault with a JWT of its user, as LunaDefend's SDK does. */
    private void login(HttpExchange exchange) throws IOException {
        Matcher session =
                SESSION.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Cookie")));
        Matcher state = STATE.matcher(String.valueOf(exchange.getRequestURI().getRawQuery()));
        if (!session.find() || !state.find()) {
            answer(exchange, 400, "nobody is logged in");
            return;
        }
        String jwt = issuer.jwt("user", session.group(1));
        URI back = URI.create(vaultOrigin + "/session/create?state=" + state.group(1) + "&openid_token=" + jwt);
        exchange.getResponseHeaders().set("Location", back.toString());
        answer(exchange, 302, "");
    }

    /** Makes a one-time code for a frame of the user who is logged in, as the back end of a page on another site does. */
    private void code(HttpExchange exchange) throws IOException {
        Matcher session =
                SESSION.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Cookie")));
        if (!session.find()) {
            answer(exchange, 401, "nobody is logged in");
            return;
        }
        JsonNode frame = JSON.readTree(exchange.getRequestBody());
        ObjectNode asked = JSON.createObjectNode()
                .put("sessionId", session.group(1))
                .put("nonce", frame.get("nonce").textValue())
                .put("action", frame.get("action").textValue());
        if (!frame.get("tokens").isEmpty()) asked.set("tokenIds", frame.get("tokens"));
        JsonNode made = vault.post("/session/code", issuer.jwt("application", ""), asked.toString())
                .data();
        answer(exchange, 200, made.path("code").asText());
    }

    private void form(HttpExchange exchange) throws IOException {
        forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        answer(exchange, 200, "<title>Thank you</title><link rel=icon href=data:,>");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
