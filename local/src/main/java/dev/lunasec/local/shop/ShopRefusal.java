package dev.lunasec.local.shop;

/** The shop refuses a request. The message is one sentence for the visitor, and holds no token. */
final class ShopRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    private ShopRefusal(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** The request is wrong; the sentence says what to write instead. */
    static ShopRefusal badInput(String sentence) {
        return new ShopRefusal(400, sentence);
    }

    /** This visitor may not do that. */
    static ShopRefusal forbidden(String sentence) {
        return new ShopRefusal(403, sentence);
    }

    /** There is no such thing. */
    static ShopRefusal notFound(String sentence) {
        return new ShopRefusal(404, sentence);
    }

    /** The vault could not do its part. */
    static ShopRefusal vaultFailed(String sentence) {
        return new ShopRefusal(502, sentence);
    }

    int status() {
        return status;
    }

    /** The sentence. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
