package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The id of an upload in parts, as callers hold it: a MAC for its record, a dot, and the id that the store gave it. So
 * the tokenizer sends the store no id that the store did not give to this very token, and keeps no state of uploads. It
 * is no secret: any caller with a grant for its token can continue the upload.
 */
public final class UploadId {
    private static final byte[] LABEL = utf8("lunasec.dev/upload/v1");
    private static final int MAC_BYTES = 16;

    private UploadId() {}

    /** The text for the caller. */
    public static String write(String ofStore, RecordId record, Keyring keyring) {
        return HexFormat.of().formatHex(mac(ofStore, record, keyring)) + "." + ofStore;
    }

    /**
     * The id of the store.
     *
     * @throws CallFailed {@link ErrorCode#UNKNOWN_UPLOAD} for a text that this vault did not write for this record
     */
    public static String read(String text, RecordId record, Keyring keyring) {
        int dot = text.indexOf('.');
        String ofStore = text.substring(dot + 1);
        String written = write(ofStore, record, keyring);
        if (dot >= 0 && MessageDigest.isEqual(utf8(text), utf8(written))) return ofStore;
        throw new CallFailed(
                ErrorCode.UNKNOWN_UPLOAD,
                "This is not the id of the upload of this token;"
                        + " send the uploadId of the answer that named the token.");
    }

    private static byte[] mac(String ofStore, RecordId record, Keyring keyring) {
        byte[] fields = Crypto.canonical(utf8(record.hex()), utf8(ofStore));
        return Arrays.copyOf(keyring.mac(LABEL, fields), MAC_BYTES);
    }
}
