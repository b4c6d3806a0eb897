package dev.lunasec.local.shop;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who a visitor of the shop claims to be. The shop asks for no proof, because it is a demonstration. */
enum Person {
    CUSTOMER,
    CLERK;

    /** @throws ShopRefusal 400 for another text than customer or clerk */
    static Person of(@Nullable String text) {
        for (Person person : values()) {
            if (person.label().equals(text)) return person;
        }
        throw ShopRefusal.badInput("Write customer or clerk in the field as.");
    }

    /** How forms, pages and JSON name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
