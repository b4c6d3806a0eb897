package dev.lunasec.bench;

/**
 * A vault of a {@link VaultHost}.
 *
 * @param name of its folder
 * @param redisCluster whether its grants are in a Redis Cluster of three primaries, and not in one Redis
 * @param smallObjects whether its store can hold a million records
 */
record HostedVault(String name, boolean redisCluster, boolean smallObjects) {
    /** The vault of most programs. */
    static final HostedVault USUAL = new HostedVault("vault", false, false);

    /** As an argument of a program. */
    String argument() {
        return name + "," + redisCluster + "," + smallObjects;
    }

    /** Reads {@link #argument}. */
    static HostedVault parse(String argument) {
        String[] parts = argument.split(",", -1);
        return new HostedVault(parts[0], Boolean.parseBoolean(parts[1]), Boolean.parseBoolean(parts[2]));
    }
}
