package dev.lunasec.tokenizer.ops;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** The result of a check: for each dependency the reason why it does not work, empty when it does. */
public record Health(List<Dependency> dependencies) {

    /**
     * One dependency.
     *
     * @param reason a name in Pascal case, empty when all is well
     */
    public record Dependency(String name, String reason, String message) {
        /** One that works. */
        public static Dependency ok(String name) {
            return new Dependency(name, "", "");
        }

        /** Whether it works. */
        public boolean ok() {
            return reason.isEmpty();
        }
    }

    /** In the order of the answer of {@code /readyz}. */
    public static Health of(Dependency... dependencies) {
        return new Health(List.of(dependencies));
    }

    /** All of them for the same reason. */
    static Health all(List<String> names, String reason, String message) {
        return new Health(names.stream()
                .map(name -> new Dependency(name, reason, message))
                .toList());
    }

    boolean ready() {
        return dependencies.stream().allMatch(Dependency::ok);
    }

    /** The dependencies whose result changed. */
    Stream<Dependency> changedSince(Health before) {
        return dependencies.stream().filter(now -> !before.dependencies.contains(now));
    }

    ObjectNode json(boolean serving) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("ready", ready() && serving);
        ObjectNode described = json.putObject("dependencies");
        for (Dependency dependency : dependencies) {
            ObjectNode one = described.putObject(dependency.name()).put("ok", dependency.ok());
            if (!dependency.ok()) one.put("reason", dependency.reason()).put("message", dependency.message());
        }
        return json;
    }
}
