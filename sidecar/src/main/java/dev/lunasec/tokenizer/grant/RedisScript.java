package dev.lunasec.tokenizer.grant;

import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A Lua script of this package. Redis runs it in one step. */
final class RedisScript {
    private final byte[] text;
    private final String digest;

    private RedisScript(byte[] text) {
        this.text = text;
        this.digest = Base16.digest(text);
    }

    /** Reads the resource {@code <name>.lua} beside this class. */
    static RedisScript load(String name) {
        try (InputStream in = RedisScript.class.getResourceAsStream(name + ".lua")) {
            if (in == null) throw new IllegalStateException("the program has no script " + name + ".lua");
            return new RedisScript(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] text() {
        return text;
    }

    /** The name under which Redis caches the script: its SHA-1 in hex. */
    String digest() {
        return digest;
    }
}
