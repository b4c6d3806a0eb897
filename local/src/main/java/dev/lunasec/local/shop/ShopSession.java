package dev.lunasec.local.shop;

import java.util.OptionalLong;

/**
 * A browser that has chosen who it is.
 *
 * @param id the value of its cookie
 * @param person as whom it acts now; it can change and keeps its customer
 * @param vaultSession its session at the vault while it acts as a customer
 * @param customer the row of its customer; empty before the customer has signed up
 * @param seen what the back end saw of it
 */
record ShopSession(String id, Person person, String vaultSession, OptionalLong customer, SeenRequests seen) {

    /** The same browser as somebody else, with another cookie. */
    ShopSession as(Person other, String newId) {
        return new ShopSession(newId, other, vaultSession, customer, seen);
    }

    /** The same browser after its customer has signed up. */
    ShopSession signedUp(long row) {
        return new ShopSession(id, person, vaultSession, OptionalLong.of(row), seen);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "ShopSession[" + person + "]";
    }
}
