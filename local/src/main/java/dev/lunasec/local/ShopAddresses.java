package dev.lunasec.local;

import dev.lunasec.local.shop.Shop;
import dev.lunasec.testbed.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Where browsers reach the demo shop and its vault. Browsers resolve names under {@code localhost} to this machine, and
 * treat {@code localhost} as a public suffix, so the two names are of the same site.
 */
record ShopAddresses(int shopPort, int vaultPort) {
    private static final int PREFERRED = 8080;

    /** The shop gets the usual port, or a free one if that is taken. */
    static ShopAddresses withVaultAt(int vaultPort) {
        return new ShopAddresses(isFree(PREFERRED) ? PREFERRED : FreePort.find(), vaultPort);
    }

    String shopOrigin() {
        return "http://shop.localhost:" + shopPort;
    }

    String vaultOrigin() {
        return "http://vault.shop.localhost:" + vaultPort;
    }

    /** The page of the shop to which the vault sends browsers to log in. */
    String loginUrl() {
        return shopOrigin() + Shop.LOGIN;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
