package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.store.DataObjects;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/**
 * The vault: it never sees a value, only says who may fetch it with which key. Every method throws {@link CallFailed}, with the name
 * of what went wrong.
 */
public final class Vault {
    /** A new token, and leave to upload its value. */
    public record Tokenized(Token token, SignedRequest upload) {}

    /** Each may keep a connection to the store busy for minutes. */
    private static final int COPIES = 8;

    private static final Duration SHORTEST_URL = Duration.ofSeconds(1);

    private final Keyring keyring;
    private final RecordCipher cipher;
    private final Records records;
    private final DataObjects objects;
    private final Grants grants;
    private final Limits limits;
    private final Erasure erasure;
    private final Clock clock;
    private final Semaphore copies = new Semaphore(COPIES);

    public Vault(
            Keyring keyring,
            Records records,
            DataObjects objects,
            Grants grants,
            Limits limits,
            Erasure erasure,
            Clock clock) {
        this.keyring = keyring;
        this.cipher = new RecordCipher(keyring);
        this.records = records;
        this.objects = objects;
        this.grants = grants;
        this.limits = limits;
        this.erasure = erasure;
        this.clock = clock;
    }

    /**
     * Makes a token, and gives the caller's session a grant for it.
     *
     * @param metadata a JSON object in UTF-8, empty for none
     * @param size of the value in bytes; the upload is then held to it
     */
    public Tokenized tokenize(Caller caller, byte[] metadata, OptionalLong size) {
        checkSizes(metadata, size);
        Token token = Token.random();
        String session = holder(caller, caller.session());
        Payload payload = Payload.withNewKey(metadata, size, session);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Record record = cipher.seal(token, payload, now, null);
        // The grant goes first: without the record it is worth nothing, while a record without its grant would be lost
        // to its maker.
        grants.set(session, record.id(), new Grant(Direction.BOTH, limits.defaultGrant(), OptionalInt.empty()));
        records.put(record);
        Duration lifetime = urlLifetime(limits.defaultGrant());
        return new Tokenized(token, objects.upload(keyring.objectName(token), payload.dek(), size, lifetime));
    }

    /** Gives leave to download the value, for as long as the grant lasts, at most for a URL's lifetime and at least for a second. */
    public SignedRequest detokenize(Caller caller, Token token) {
        RecordId id = keyring.recordId(token);
        Duration left = grants.use(holder(caller, caller.session()), id);
        Payload payload = open(token, find(id));
        ObjectName name = keyring.objectName(token);
        return objects.download(name, payload.dek(), urlLifetime(left));
    }

    /** The custom metadata of a token, a JSON object in UTF-8, empty for none; it needs a grant that allows reading and takes no use of it. */
    public byte[] metadata(Caller caller, Token token) {
        RecordId id = keyring.recordId(token);
        grants.check(holder(caller, caller.session()), id);
        return open(token, find(id)).metadata();
    }

    /**
     * Grants a session of the caller's own issuer the use of a token. Whether there is such a token isn't asked: its use will tell.
     *
     * @param session empty for the caller itself, an application without a session
     * @param duration empty for the default
     */
    public void grant(
            Caller caller,
            String session,
            Token token,
            Direction direction,
            Optional<Duration> duration,
            OptionalInt uses) {
        Duration lasts = duration.orElse(limits.defaultGrant());
        if (lasts.toMillis() < 1) {
            throw new CallFailed(
                    ErrorCode.BAD_DURATION,
                    "A grant of no time grants nothing; write a duration like 30m or 1h20m10s.");
        }
        if (lasts.compareTo(limits.maximumGrant()) > 0) {
            throw new CallFailed(
                    ErrorCode.BAD_DURATION,
                    "The duration is over the maximum; write at most " + GoDuration.format(limits.maximumGrant())
                            + ".");
        }
        grants.set(holder(caller, session), keyring.recordId(token), new Grant(direction, lasts, uses));
    }

    /** Whether a session of the caller's own issuer holds a grant for a token, for either direction. */
    public boolean verify(Caller caller, String session, Token token) {
        return grants.verify(holder(caller, session), keyring.recordId(token));
    }

    /**
     * Erases a token, its record and its value, for good.
     *
     * @return a receipt that proves it, a compact JWS; for a token that was erased before, that of the first time
     */
    public String erase(Token token) {
        return erasure.erase(token);
    }

    /**
     * A new token for the value of another one, which is copied to a new object under a new key: for when a token, the share of its record
     * and a copy of the bucket may all be in a stranger's hands. Nobody holds a grant for the new token; the old one stays until it is
     * erased.
     */
    public Token rekey(Token token) {
        RecordId id = keyring.recordId(token);
        Record record = find(id);
        Payload payload = open(token, record);
        Token fresh = Token.random();
        Payload rekeyed = payload.rekeyed();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!copies.tryAcquire()) {
            throw new CallFailed(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "The tokenizer copies as many values as it does at once; try again soon.");
        }
        boolean kept = false;
        try {
            boolean copied =
                    objects.copy(keyring.objectName(token), payload.dek(), keyring.objectName(fresh), rekeyed.dek());
            // An erasure that begins after this look is its caller's to order with this call.
            if (!copied || erasure.isMarked(id)) {
                throw new CallFailed(
                        ErrorCode.UNKNOWN_TOKEN,
                        "There is no value for this token; it was never uploaded, or has been erased.");
            }
            records.put(cipher.seal(fresh, rekeyed, now, record.expires()));
            kept = true;
            return fresh;
        } finally {
            copies.release();
            if (!kept) forget(fresh);
        }
    }

    /** Of a token that nobody was told. */
    private void forget(Token token) {
        records.delete(keyring.recordId(token));
        objects.delete(keyring.objectName(token));
    }

    /** The public keys that receipts are checked with, a JWK Set. */
    public String receiptKeys() {
        return erasure.keys();
    }

    /** The record of a token, for the audit log. */
    public RecordId recordId(Token token) {
        return keyring.recordId(token);
    }

    /**
     * The pseudonym of who holds a grant, 32 hex digits: a session of the caller's issuer; with the empty one, the callers of this subject,
     * which have none.
     */
    public String holder(Caller caller, String session) {
        if (session.isEmpty()) return keyring.pseudonym(caller.subject(), "");
        if (caller.issuer() == null) {
            throw new CallFailed(
                    ErrorCode.NOT_ALLOWED,
                    "This application belongs to no issuer whose sessions it could speak of; name one as issuer of its"
                            + " entry in spec.auth.applications, or send the empty sessionId for itself.");
        }
        return keyring.pseudonym(caller.issuer(), session);
    }

    private Record find(RecordId id) {
        return records.find(id)
                .filter(found -> !found.expired(clock.instant()))
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; it may have been erased."));
    }

    private Payload open(Token token, Record record) {
        try {
            return cipher.open(token, record);
        } catch (UnreadableRecord e) {
            throw new CallFailed(
                    ErrorCode.CORRUPT_RECORD,
                    "The record " + record.id() + " is damaged; tell those who run the vault.",
                    e);
        }
    }

    private void checkSizes(byte[] metadata, OptionalLong size) {
        if (metadata.length > Limits.METADATA) {
            throw new CallFailed(
                    ErrorCode.TOO_LARGE, "The metadata is over 16 KiB; put what is larger into the value.");
        }
        if (size.isEmpty() && limits.requireSize()) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "This vault wants to know the size; write \"size\" with the number of bytes.");
        }
        if (size.isPresent() && size.getAsLong() > limits.maximumObjectSize()) {
            throw new CallFailed(
                    ErrorCode.TOO_LARGE,
                    "The value is over the largest size of this vault, " + limits.maximumObjectSize() + " bytes.");
        }
    }

    /** As long as the grant, but no URL can be signed for less than a second. */
    private Duration urlLifetime(Duration grant) {
        Duration shorter = grant.compareTo(limits.urlLifetime()) < 0 ? grant : limits.urlLifetime();
        return shorter.compareTo(SHORTEST_URL) < 0 ? SHORTEST_URL : shorter;
    }
}
