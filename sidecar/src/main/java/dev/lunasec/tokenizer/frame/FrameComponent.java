package dev.lunasec.tokenizer.frame;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a frame is for. The words are those of the original's protocol, and one for cards. */
enum FrameComponent {
    INPUT("Input", "Secure input"),
    TEXT_AREA("TextArea", "Secure text"),
    CARD("Card", "Payment card"),
    PARAGRAPH("Paragraph", "Stored text"),
    UPLOADER("Uploader", "Secure upload"),
    DOWNLOADER("Downloader", "Stored file");

    /** All words, for a message. */
    static final String WORDS = Arrays.stream(values()).map(each -> each.word).collect(Collectors.joining(", "));

    private final String word;

    /** The title of the page until its script sets another one; readers of screens say it. */
    final String title;

    FrameComponent(String word, String title) {
        this.word = word;
        this.title = title;
    }

    static Optional<FrameComponent> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }
}
