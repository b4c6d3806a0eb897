package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lunasec.contract.VaultId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of an erasure marker: the claims, with a MAC under the lookup key. It is no receipt, because it is
 * written before anything is deleted. Claims have exactly one valid text; any other text, and one for another record,
 * is no marker of this vault.
 */
public final class ErasureMarker {
    /** The media type. */
    public static final String TYPE = "application/json";

    private static final int VERSION = 1;
    private static final byte[] LABEL = utf8("lunasec.dev/erased/v1");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private record Text(
            int version,
            @Nullable String vault,
            @Nullable String record,
            @Nullable String object,
            long erased,
            @Nullable List<Integer> shares,
            @Nullable String mac) {}

    private ErasureMarker() {}

    /** The marker of an erasure: JSON without white space. */
    public static byte[] write(ErasureClaims claims, Keyring keyring) {
        Text text = new Text(
                VERSION,
                claims.vault().text(),
                claims.record().hex(),
                claims.object().hex(),
                claims.erased().getEpochSecond(),
                claims.shares(),
                Base64.getEncoder().encodeToString(mac(claims, keyring)));
        try {
            return JSON.writeValueAsBytes(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts and numbers can always be written", e);
        }
    }

    /**
     * Reads the marker of a record.
     *
     * @return empty if this vault did not write it for this record
     */
    public static Optional<ErasureClaims> read(byte[] content, RecordId id, Keyring keyring) {
        try {
            return claims(JSON.readValue(content, Text.class))
                    .filter(claims -> claims.record().equals(id))
                    .filter(claims -> MessageDigest.isEqual(write(claims, keyring), content))
                    .filter(claims -> claims.vault().equals(keyring.vaultId()));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<ErasureClaims> claims(@Nullable Text text) {
        if (text == null || text.vault == null || text.record == null || text.object == null || text.shares == null) {
            return Optional.empty();
        }
        if (text.shares.contains(null)) return Optional.empty();
        return Optional.of(new ErasureClaims(
                new VaultId(text.vault),
                new RecordId(text.record),
                new ObjectName(text.object),
                Instant.ofEpochSecond(text.erased),
                List.copyOf(text.shares)));
    }

    private static byte[] mac(ErasureClaims claims, Keyring keyring) {
        ByteBuffer shares = ByteBuffer.allocate(Integer.BYTES * claims.shares().size());
        claims.shares().forEach(shares::putInt);
        return keyring.mac(
                LABEL,
                Crypto.canonical(
                        ByteBuffer.allocate(Integer.BYTES).putInt(VERSION).array(),
                        utf8(claims.vault().text()),
                        utf8(claims.record().hex()),
                        utf8(claims.object().hex()),
                        ByteBuffer.allocate(Long.BYTES)
                                .putLong(claims.erased().getEpochSecond())
                                .array(),
                        shares.array()));
    }
}
