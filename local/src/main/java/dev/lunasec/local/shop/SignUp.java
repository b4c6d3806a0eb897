package dev.lunasec.local.shop;

import java.util.Map;

/** What a customer sends to sign up: two texts, and two tokens of values that went to the vault. */
record SignUp(String name, String email, String card, String scan) {
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_EMAIL = 254;

    /** @throws ShopRefusal 400 if a field is missing or is not what it must be */
    static SignUp of(Map<String, String> form) {
        String name = text(form, "name", LONGEST_NAME);
        String email = text(form, "email", LONGEST_EMAIL);
        if (!email.matches("[^@\\s]+@[^@\\s]+"))
            throw ShopRefusal.badInput("The field email is not an e-mail address; write one like ada@example.com.");
        return new SignUp(name, email, token(form, "card"), token(form, "scan"));
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "SignUp[" + name + "]";
    }

    private static String text(Map<String, String> form, String field, int longest) {
        String text = form.getOrDefault(field, "").strip();
        if (text.isEmpty()) throw ShopRefusal.badInput("The field " + field + " is missing; fill it in.");
        if (text.length() > longest)
            throw ShopRefusal.badInput(
                    "The field " + field + " is too long; write at most " + longest + " characters.");
        return text;
    }

    /** Whatever is not a token may be a card number, which must not get into the database, nor into the answer. */
    private static String token(Map<String, String> form, String field) {
        String text = form.getOrDefault(field, "");
        if (text.isEmpty()) throw ShopRefusal.badInput("The field " + field + " is missing; fill it in.");
        if (!TokenText.isToken(text))
            throw ShopRefusal.badInput(
                    "The field " + field + " holds no token; let the vault's field store the value first.");
        return text;
    }
}
