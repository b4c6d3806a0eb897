package dev.lunasec.bench;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The least that a service with Javalin and Redis can do: each request is one GET of Redis, whose value is the answer.
 * As the tokenizer, it has a virtual thread for each request and compresses no answer. Otherwise it has the defaults of
 * both libraries.
 */
final class Baseline {
    /** How many values there are. */
    static final int VALUES = 500;

    private static final String PATH = "/values/";

    private Baseline() {}

    /** The path of a value. */
    static String path(int value) {
        return PATH + value;
    }

    /**
     * Serves until the process ends.
     *
     * @param arguments the file with the URL of Redis, the length of each value in bytes, and the port
     */
    public static void main(String[] arguments) throws Exception {
        String url = Files.readString(Path.of(arguments[0])).strip();
        String value = "x".repeat(Integer.parseInt(arguments[1]));
        RedisCommands<String, String> redis = RedisClient.create(url).connect().sync();
        for (int i = 0; i < VALUES; i++) {
            var unused = redis.set("baseline-" + i, value);
        }
        Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.concurrency.useVirtualThreads = true;
                    config.http.compressionStrategy = CompressionStrategy.NONE;
                    config.routes.get(
                            PATH + "{value}",
                            ctx -> ctx.contentType("application/json")
                                    .result(redis.get("baseline-" + ctx.pathParam("value"))));
                })
                .start("127.0.0.1", Integer.parseInt(arguments[2]));
    }
}
