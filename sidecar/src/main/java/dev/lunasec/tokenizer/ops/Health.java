package dev.lunasec.tokenizer.ops;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the last self check saw: of each dependency the reason why it does not work, empty when it does. */
record Health(Dependency redis, Dependency storage) {

    /** @param reason a name in Pascal case, empty when all is well */
    record Dependency(String reason, String message) {
        static final Dependency OK = new Dependency("", "");

        boolean ok() {
            return reason.isEmpty();
        }
    }

    static Health unknown() {
        Dependency unchecked = new Dependency("NotChecked", "The first check is under way.");
        return new Health(unchecked, unchecked);
    }

    boolean ready() {
        return redis.ok() && storage.ok();
    }

    ObjectNode json(boolean serving) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("ready", ready() && serving);
        ObjectNode dependencies = json.putObject("dependencies");
        describe(dependencies.putObject("redis"), redis);
        describe(dependencies.putObject("storage"), storage);
        return json;
    }

    private static void describe(ObjectNode json, Dependency dependency) {
        json.put("ok", dependency.ok());
        if (!dependency.ok()) json.put("reason", dependency.reason()).put("message", dependency.message());
    }
}
