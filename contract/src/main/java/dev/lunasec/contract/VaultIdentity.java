package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of the object {@link BucketLayout#vault}, which proves whose bucket it is. Only a holder of the lookup
 * key can make it. The object alone proves little, because everyone who reads the bucket can copy it: the keyring also
 * pins the {@link BucketLocation}.
 *
 * @param id of the vault
 * @param namespace of the resource that uses the bucket
 * @param name of that resource
 * @param cluster the uid of the namespace {@code kube-system} of its cluster
 * @param created when the object was written, RFC 3339 in UTC with whole seconds; for people, nothing is decided by it
 */
public record VaultIdentity(VaultId id, String namespace, String name, String cluster, String created) {
    /** The most bytes that the object can have: a longer one is not an identity. */
    public static final int LONGEST = 4096;

    private static final int VERSION = 1;
    private static final String LABEL = "lunasec.dev/vault-object/v1";
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

    private record Json(
            int version,
            @Nullable String id,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String cluster,
            @Nullable String created,
            @Nullable String mac) {
        /** Omits everything, because the object may be anyone's. */
        @Override
        public String toString() {
            return "Json[]";
        }
    }

    /** The bytes of the object, JSON with the MAC. The same identity always gives the same bytes. */
    public byte[] write(byte[] lookup) {
        return StrictJson.write(new Json(VERSION, id.text(), namespace, name, cluster, created, mac(lookup)));
    }

    /**
     * Reads the object.
     *
     * @return empty if a single byte differs from what {@link #write} gives under this lookup key
     */
    public static Optional<VaultIdentity> read(byte[] object, byte[] lookup) {
        if (object.length > LONGEST) return Optional.empty();
        Json json = StrictJson.read(object, Json.class).orElse(null);
        if (json == null
                || json.version != VERSION
                || json.namespace == null
                || json.name == null
                || json.cluster == null
                || json.created == null
                || json.mac == null
                || !TIME.matcher(json.created).matches()) return Optional.empty();
        VaultId id = VaultId.of(lookup);
        if (!id.text().equals(json.id)) return Optional.empty();
        VaultIdentity identity = new VaultIdentity(id, json.namespace, json.name, json.cluster, json.created);
        boolean ours = MessageDigest.isEqual(bytes(identity.mac(lookup)), bytes(json.mac));
        return ours ? Optional.of(identity) : Optional.empty();
    }

    /** Whether the object was written for a resource of this cluster, namespace and name. */
    public boolean isOf(String cluster, String namespace, String name) {
        return this.cluster.equals(cluster) && this.namespace.equals(namespace) && this.name.equals(name);
    }

    private String mac(byte[] lookup) {
        return HexFormat.of()
                .formatHex(KeyedHash.ofFields(
                        lookup, LABEL, Integer.toString(VERSION), id.text(), namespace, name, cluster, created));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
