package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * The Ed25519 key (RFC 8032) that signs the receipts of erasures while a share is primary. It is computed from the
 * share, so it is distributed, replaced and destroyed with it: a person who once read a share can forge no receipt of
 * a later one.
 */
public final class ReceiptSigningKey {
    private static final byte[] LABEL = "lunasec.dev/receipt/v2".getBytes(StandardCharsets.US_ASCII);
    private static final String ALGORITHM = "Ed25519";
    private static final int BYTES = 32;

    private ReceiptSigningKey() {}

    /** The private key, 32 bytes: HKDF-SHA-256 (RFC 5869) of the share without a salt; a secret. */
    public static byte[] seed(byte[] share) {
        byte[] extracted = KeyedHash.of(new byte[BYTES], share);
        byte[] info = Arrays.copyOf(LABEL, LABEL.length + 1);
        info[LABEL.length] = 1;
        return KeyedHash.of(extracted, info);
    }

    /** The public key of a share, 32 bytes; everybody may know it. */
    public static byte[] publicKey(byte[] share) {
        byte[] seed = seed(share);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
            PublicKey key = generator.generateKeyPair().getPublic();
            requirePair(seed, key);
            byte[] encoded = key.getEncoded();
            // The encoding of RFC 8410 ends with the key.
            return Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /**
     * The JDK offers no way from a seed to its public key but this one, and does not promise that its generator takes
     * the bytes as they are.
     */
    private static void requirePair(byte[] seed, PublicKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
        signature.update(LABEL);
        byte[] signed = signature.sign();
        signature.initVerify(key);
        signature.update(LABEL);
        if (!signature.verify(signed)) throw new IllegalStateException("this JDK makes no Ed25519 key of a seed");
    }

    /** Gives the generator the bytes of the seed. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] bytes;

        Fixed(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] out) {
            System.arraycopy(bytes, 0, out, 0, out.length);
        }
    }
}
