package dev.lunasec.local.shop;

import java.net.URI;
import java.nio.file.Path;

/**
 * What a shop needs.
 *
 * @param port of 127.0.0.1
 * @param origin where browsers reach the shop
 * @param vault where its back end reaches the vault
 * @param vaultOrigin where browsers reach the vault, on the same site as the shop
 * @param database the file of the database, which is made
 * @param bucket of the vault, closed with the shop
 */
public record ShopSettings(
        int port, String origin, URI vault, String vaultOrigin, Path database, Jwts jwts, Bucket bucket) {}
