package dev.lunasec.tokenizer.frame;

import dev.lunasec.contract.Frame;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.frame.FrameFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * The page of the secure frame. It holds nothing of its request and nothing of a user: what it shows, its script asks
 * for.
 */
public final class FramePage {
    /** A page with a nonce of its own, in UTF-8, and the headers that name the nonce. */
    public record Answer(Map<String, String> headers, byte[] html) {}

    private static final String TEMPLATE = template();

    private final Frame frame;
    private final String objectsUrl;
    private final FrameFiles files;
    private final String template;
    private final SecureRandom random = new SecureRandom();

    /**
     * The page of a vault.
     *
     * @param objectsUrl what the URLs of objects begin with, as clients get them
     * @param files which the page loads
     */
    public FramePage(Frame frame, String objectsUrl, FrameFiles files) {
        this.frame = frame;
        this.objectsUrl = objectsUrl;
        this.files = files;
        this.template = TEMPLATE.replace("{origins}", String.join(" ", frame.allowedOrigins()))
                .replace("{files}", folder(files));
    }

    /** How browsers reach the vault. */
    public Frame frame() {
        return frame;
    }

    /** The files that the page loads, and those of the pages that embed it. */
    public FrameFiles files() {
        return files;
    }

    /**
     * Answers a request.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed as {@link FrameRequest#check} does
     */
    public Answer answer(FrameRequest request) {
        FrameComponent component = request.check(frame);
        String nonce = nonce();
        String html = template.replace("{nonce}", nonce).replace("{title}", component.title);
        return new Answer(
                FrameHeaders.of(nonce, frame.allowedOrigins(), objectsUrl), html.getBytes(StandardCharsets.UTF_8));
    }

    /** Relative to the page. */
    private static String folder(FrameFiles files) {
        return HttpPaths.FRAME_FILE
                .replace("{hash}", files.hash())
                .replaceFirst("^/", "")
                .replace("{file}", "");
    }

    /** 128 random bits. */
    private String nonce() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String template() {
        try (InputStream in = FramePage.class.getResourceAsStream("page.html")) {
            if (in == null) throw new IllegalStateException("the program has no resource page.html");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
