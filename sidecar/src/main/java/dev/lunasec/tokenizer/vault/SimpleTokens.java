package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.store.DataObjects;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of the Simple API, whose callers are not known and need no grants. The sealed record names this API as the
 * creator, so no caller reads a token of another caller without a grant, also while the API is on.
 */
final class SimpleTokens {
    /** No caller has this identity: each of those has a kind or the name of a ServiceAccount in it. */
    private static final String IDENTITY = "simple-api";

    private static final CompletableFuture<@Nullable Void> NO_GRANT = CompletableFuture.completedFuture(null);

    private final Keyring keyring;
    private final RecordCipher cipher;
    private final RecordReader reader;
    private final DataObjects objects;
    private final Grants grants;
    private final Limits limits;
    private final Clock clock;
    private final String creator;

    SimpleTokens(
            Keyring keyring,
            RecordCipher cipher,
            RecordReader reader,
            DataObjects objects,
            Grants grants,
            Limits limits,
            Clock clock) {
        this.keyring = keyring;
        this.cipher = cipher;
        this.reader = reader;
        this.objects = objects;
        this.grants = grants;
        this.limits = limits;
        this.clock = clock;
        this.creator = keyring.pseudonym(IDENTITY, "");
    }

    /** Begins to make a token; see {@link Vault#begin}. */
    NewToken begin(byte[] metadata, OptionalLong size) {
        limits.check(metadata, size);
        Token token = Token.random();
        Payload payload = Payload.withNewKey(metadata, size, creator);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Record record = cipher.seal(token, payload, now, null);
        return new NewToken(new IdentifiedToken(token, record.id()), record, payload, size, NO_GRANT);
    }

    /** Whether a token is one of the Simple API. */
    boolean made(Payload payload) {
        return payload.creator().equals(creator);
    }

    /**
     * Signs the download of a value.
     *
     * @throws CallFailed {@link ErrorCode#UNKNOWN_TOKEN} for a token of another caller too, as for a token that does
     *     not exist
     */
    SignedRequest download(IdentifiedToken token) {
        grants.requireNotErased(token.recordId());
        Payload payload = reader.open(token, reader.find(token.recordId()));
        if (!made(payload)) throw RecordReader.unknown();
        return objects.download(
                keyring.objectName(token.token()), payload.dek(), limits.urlLifetime(limits.defaultGrant()));
    }
}
