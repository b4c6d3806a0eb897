package dev.lunasec.local.shop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Map;

/** What the scripts of the pages ask for, as JSON. */
final class ShopJson {
    static final String PATH = "/api/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ShopSessions sessions;
    private final Storefront storefront;
    private final Bucket bucket;

    ShopJson(ShopSessions sessions, Storefront storefront, Bucket bucket) {
        this.sessions = sessions;
        this.storefront = storefront;
        this.bucket = bucket;
    }

    void addTo(RoutesConfig routes) {
        routes.get(PATH + "profile", this::profile);
        routes.get(PATH + "customers", this::customers);
        routes.get(PATH + "panel", this::panel);
    }

    static void answer(Context ctx, ObjectNode json) {
        ctx.contentType("application/json").result(json.toString());
    }

    static ObjectNode failure(String sentence) {
        return JSON.createObjectNode().put("error", sentence);
    }

    private void profile(Context ctx) {
        ShopSession session = new ShopRequest(ctx, sessions).session();
        session.seen().byBrowser("GET", ctx.path(), Map.of());
        Customer customer = storefront.profile(session);
        Instant until = storefront.supportUntil(customer);
        answer(
                ctx,
                json(customer)
                        .put("scan", customer.scan())
                        .put("supportUntil", until == null ? null : until.toString()));
    }

    private void customers(Context ctx) {
        ShopSession session = new ShopRequest(ctx, sessions).session();
        session.seen().byBrowser("GET", ctx.path(), Map.of());
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode customers = answer.putArray("customers");
        storefront.forSupport(session).forEach(customer -> customers.add(json(customer)));
        answer(ctx, answer);
    }

    /** What the shop knows. The panel asks again and again, so its own requests are not shown in it. */
    private void panel(Context ctx) {
        ShopSession session = new ShopRequest(ctx, sessions).session();
        ObjectNode answer = JSON.createObjectNode();
        answer.set("rows", JSON.valueToTree(storefront.rows(session)));
        Bucket.Content content = bucket.list();
        answer.put("objects", content.objects()).put("problem", content.problem());
        answer.set("newest", JSON.valueToTree(content.newest()));
        answer.set("requests", JSON.valueToTree(session.seen().newestFirst()));
        answer(ctx, answer);
    }

    private static ObjectNode json(Customer customer) {
        return JSON.createObjectNode()
                .put("id", customer.id())
                .put("name", customer.name())
                .put("email", customer.email())
                .put("card", customer.card());
    }
}
