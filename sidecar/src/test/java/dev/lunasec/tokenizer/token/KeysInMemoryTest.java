package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dump of the memory shows after calls have ended. The test keeps each key with all its bits inverted. */
@Tag("embedded")
class KeysInMemoryTest {
    private static final byte[] ASSOCIATED = {1};

    @TempDir
    private Path folder;

    @Test
    void noObjectHoldsTheKeyOfARecordThatWasOpened() throws Exception {
        byte[] opened = Crypto.random(Crypto.KEY);
        open(opened);
        byte[] control = Crypto.random(Crypto.KEY);
        Cipher holder = holder(control);
        Path dump = folder.resolve("memory.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
        assertThat(holdsInverse(dump, control))
                .as("the key of a Cipher that was not given another one")
                .isTrue();
        assertThat(holdsInverse(dump, opened)).isFalse();
        assertThat(holder.getAlgorithm()).as("it is alive until now").isEqualTo(Crypto.GCM);
    }

    private static void open(byte[] inverse) {
        byte[] key = invert(inverse);
        byte[] sealed = Crypto.seal(key, ASSOCIATED, new byte[100]);
        assertThat(Crypto.open(key, ASSOCIATED, sealed)).hasSize(100);
    }

    private static Cipher holder(byte[] inverse) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(Crypto.GCM);
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(invert(inverse), "AES"),
                new GCMParameterSpec(Crypto.TAG_BITS, new byte[Crypto.NONCE]));
        return cipher;
    }

    private static byte[] invert(byte[] bytes) {
        byte[] inverted = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) inverted[i] = (byte) ~bytes[i];
        return inverted;
    }

    private static boolean holdsInverse(Path dump, byte[] inverse) throws IOException {
        try (FileChannel file = FileChannel.open(dump)) {
            ByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
            for (int at = 0; at + inverse.length <= bytes.limit(); at++) {
                int equal = 0;
                while (equal < inverse.length && bytes.get(at + equal) == (byte) ~inverse[equal]) equal++;
                if (equal == inverse.length) return true;
            }
            return false;
        }
    }
}
