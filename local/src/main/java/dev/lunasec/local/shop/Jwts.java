package dev.lunasec.local.shop;

/** Signs the JWTs of the shop, which the vault trusts as one of its issuers. */
@FunctionalInterface
public interface Jwts {
    /**
     * Signs one.
     *
     * @param kind user or application
     * @param session of the user; empty for the application
     */
    String jwt(String kind, String session);
}
