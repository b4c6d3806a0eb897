package dev.lunasec.local;

import dev.lunasec.client.ErrorCode;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerClientBuilder;
import dev.lunasec.client.TokenizerException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What two people do in the demo shop: a customer signs up, and support sees the card only while the customer lets it.
 */
final class ShopRoundTrip {
    private static final String NUMBER = "4242424242424242";

    /** As the secure frame stores a card. */
    private static final byte[] CARD = ("{\"number\":\"" + NUMBER
                    + "\",\"expMonth\":\"12\",\"expYear\":\"2040\",\"name\":\"Ada Example\"}")
            .getBytes(StandardCharsets.UTF_8);

    private final URI shop;
    private final URI vault;
    private final @Nullable Path authority;

    /** @param authority of the store's certificate; null for the public ones */
    ShopRoundTrip(URI shop, URI vault, @Nullable Path authority) {
        this.shop = shop;
        this.vault = vault;
        this.authority = authority;
    }

    /**
     * Visits the shop.
     *
     * @param database its file, which must not hold the card number
     * @param say takes a line for each thing that was seen
     * @throws IllegalStateException if shop or vault do something else
     */
    void run(Path database, Consumer<String> say) throws IOException {
        try (ShopVisitor customer = new ShopVisitor(shop, vault);
                ShopVisitor clerk = new ShopVisitor(shop, vault)) {
            String token = signUp(customer);
            require(token.equals(customer.get("/api/profile").path("card").asText()), "the profile has the token");
            require(!holds(database, NUMBER) && holds(database, token), "the database has the token alone");
            say.accept("a customer signed up in the shop, whose database has the token and not the card number");

            clerk.send("/login", Map.of("as", "clerk"));
            try (TokenizerClient support = client(clerk.logInAtVault())) {
                say.accept("the vault refused the card to support: " + refusal(support, token));
                customer.send("/support-access", Map.of());
                require(Arrays.equals(CARD, support.detokenize(token)), "support sees the card");
                say.accept("the customer let support see the card, and support saw it");
                customer.send("/support-access/revoke", Map.of());
                say.accept("the customer took it back, and the vault refused again: " + refusal(support, token));
            }
        }
    }

    /** Returns the token of the card. */
    private String signUp(ShopVisitor customer) throws IOException {
        customer.send("/login", Map.of("as", "customer"));
        try (TokenizerClient user = client(customer.logInAtVault())) {
            String card = user.tokenize(CARD);
            String scan = user.tokenize("a scan".getBytes(StandardCharsets.UTF_8));
            customer.send(
                    "/sign-up", Map.of("name", "Ada Example", "email", "ada@example.com", "card", card, "scan", scan));
            return card;
        }
    }

    private TokenizerClient client(String jwt) {
        TokenizerClientBuilder builder = TokenizerClient.builder(vault).bearer(() -> jwt);
        if (authority != null) builder.trustedCA(authority);
        return builder.build();
    }

    private static String refusal(TokenizerClient support, String token) {
        try {
            support.detokenize(token);
        } catch (TokenizerException e) {
            require(e.code() == ErrorCode.NO_GRANT, "the vault refuses for lack of a grant, and not with " + e.name());
            return e.status() + " " + e.name() + ", " + e.reason();
        }
        throw new IllegalStateException("Support saw the card without the permission of the customer.");
    }

    private static boolean holds(Path file, String text) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    }

    private static void require(boolean holds, String what) {
        if (!holds) throw new IllegalStateException("This should be true and is not: " + what + ".");
    }
}
