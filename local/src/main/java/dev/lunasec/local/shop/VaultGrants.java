package dev.lunasec.local.shop;

import dev.lunasec.client.GrantOptions;
import dev.lunasec.client.GrantOptions.Direction;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

/** The grants of a real vault, through the client for Java. */
final class VaultGrants implements Grants, AutoCloseable {
    private final TokenizerClient vault;

    /** @param jwt makes a JWT of the shop itself */
    VaultGrants(URI vault, Supplier<String> jwt) {
        this.vault = TokenizerClient.builder(vault).bearer(jwt).build();
    }

    @Override
    public boolean holds(String session, String token) {
        try {
            return vault.verify(session, token);
        } catch (TokenizerException e) {
            throw failed(e);
        }
    }

    @Override
    public void allow(String session, String token, Duration time) {
        GrantOptions reading = GrantOptions.DEFAULT.forDirection(Direction.READ).lasting(time);
        try {
            vault.grant(session, token, reading);
        } catch (TokenizerException e) {
            throw failed(e);
        }
    }

    @Override
    public void revoke(String session, String token) {
        try {
            vault.revokeGrant(session, token);
        } catch (TokenizerException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        vault.close();
    }

    private static ShopRefusal failed(TokenizerException e) {
        return ShopRefusal.vaultFailed("The vault did not do its part (" + e.name() + "); try again.");
    }
}
