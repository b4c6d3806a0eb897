package dev.lunasec.bench;

/**
 * A vault of a {@link VaultHost}.
 *
 * @param name of its folder
 * @param redisCluster whether its grants are in a Redis Cluster of three primaries, and not in one Redis
 */
record HostedVault(String name, boolean redisCluster) {
    /** The vault of most programs. */
    static final HostedVault USUAL = new HostedVault("vault", false);

    /** As an argument of a program. */
    String argument() {
        return name + "," + redisCluster;
    }

    /** Reads {@link #argument}. */
    static HostedVault parse(String argument) {
        String[] parts = argument.split(",", -1);
        return new HostedVault(parts[0], Boolean.parseBoolean(parts[1]));
    }
}
