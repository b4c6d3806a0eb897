package dev.lunasec.tokenizer.token;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens AES-256-GCM. Each Cipher is used again, because creating one takes longer than opening a record.
 *
 * <p>A Cipher holds its last key until it gets another one. The key of an inner layer opens its record without the
 * token, so nobody may find it in the memory of a pod after the call. Each Cipher therefore gets a key of zeros before
 * it waits for its next use. This works for opening alone: after sealing, a Cipher of the JDK holds the key until it
 * seals again.
 */
final class OpeningCiphers {
    /** The most that wait for their next use. A call that finds none creates one. */
    private static final int MOST = 64;

    private static final BlockingQueue<Cipher> WAITING = new ArrayBlockingQueue<>(MOST);
    private static final Key ZEROS = new SecretKeySpec(new byte[Crypto.KEY], "AES");
    private static final GCMParameterSpec NONCE_OF_ZEROS =
            new GCMParameterSpec(Crypto.TAG_BITS, new byte[Crypto.NONCE]);

    private OpeningCiphers() {}

    /**
     * Opens a nonce and what was sealed with it.
     *
     * @throws javax.crypto.AEADBadTagException when key, associated data or a single bit differ
     */
    static byte[] open(byte[] key, byte[] associated, byte[] sealed) throws GeneralSecurityException {
        Cipher waiting = WAITING.poll();
        Cipher cipher = waiting == null ? Cipher.getInstance(Crypto.GCM) : waiting;
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(Crypto.TAG_BITS, sealed, 0, Crypto.NONCE));
        cipher.updateAAD(associated);
        // A Cipher that fails is not used again.
        byte[] plain = cipher.doFinal(sealed, Crypto.NONCE, sealed.length - Crypto.NONCE);
        cipher.init(Cipher.DECRYPT_MODE, ZEROS, NONCE_OF_ZEROS);
        boolean unused = WAITING.offer(cipher);
        return plain;
    }
}
