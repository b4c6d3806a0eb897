package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.FrameAccess;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.grant.GrantUse;
import dev.lunasec.tokenizer.grant.Granter;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may fetch which value with which key. The vault never sees a value. Every method throws
 * {@link CallFailed} with the code of what went wrong. The class is long because it has one method for each call.
 */
public final class Vault {
    /**
     * A token that is being made. {@link Vault#store} writes its record.
     *
     * @param size of the value in bytes; empty for any
     * @param granted ends when its maker has a grant for it
     */
    public record NewToken(
            IdentifiedToken token,
            Record record,
            Payload payload,
            OptionalLong size,
            CompletableFuture<@Nullable Void> granted) {

        /** Waits until the maker has the grant. Every call that answers with the token does so. */
        void awaitGrant() {
            try {
                granted.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof CallFailed failed ? failed : e;
            }
        }
    }

    private final Keyring keyring;
    private final RecordCipher cipher;
    private final Records records;
    private final DataObjects objects;
    private final Grants grants;
    private final Limits limits;
    private final Erasure erasure;
    private final RecordCopies copies;
    private final Clock clock;
    private final RecordReader reader;
    private final SimpleTokens simple;
    private final Rekey rekey;
    private final Uploads uploads;

    public Vault(
            Keyring keyring,
            Records records,
            DataObjects objects,
            Grants grants,
            Limits limits,
            Erasure erasure,
            RecordCopies copies,
            Clock clock) {
        this.keyring = keyring;
        this.cipher = new RecordCipher(keyring);
        this.records = records;
        this.objects = objects;
        this.grants = grants;
        this.limits = limits;
        this.erasure = erasure;
        this.copies = copies;
        this.clock = clock;
        this.reader = new RecordReader(cipher, records, clock);
        this.simple = new SimpleTokens(keyring, cipher, reader, objects, grants, limits, clock);
        this.rekey = new Rekey(keyring, cipher, reader, records, objects, erasure, clock);
        this.uploads = new Uploads(keyring, cipher, reader, records, objects, grants, limits, erasure, clock);
    }

    /** Names the record of a token. */
    public IdentifiedToken identify(Token token) {
        return new IdentifiedToken(token, keyring.recordId(token));
    }

    /**
     * The pseudonym of the holder of a grant, 32 hex digits. It identifies a session of the caller's issuer. For the
     * empty session, it identifies all callers of this identity, which have no session. A frame can name no session
     * but its own.
     *
     * @throws CallFailed {@link ErrorCode#NOT_ALLOWED} when the caller belongs to no issuer and names a session
     */
    public String holder(Caller caller, String session) {
        FrameAccess frame = caller.frame();
        if (frame != null) return frame.holder();
        if (session.isEmpty()) return keyring.pseudonym(caller.identity(), "");
        if (caller.issuer() == null) {
            throw new CallFailed(
                    ErrorCode.NOT_ALLOWED,
                    "This application belongs to no issuer whose sessions it could name; set issuer in its entry in"
                            + " spec.auth.applications, or send the empty sessionId for itself.");
        }
        return keyring.pseudonym(caller.issuer(), session);
    }

    /**
     * Counts a grant that a caller is about to set for another holder.
     *
     * @param holder the caller's pseudonym
     * @param duration empty for the default
     * @throws CallFailed {@link ErrorCode#TOO_MANY_GRANTS} when it has set as many as may be valid at the same time
     */
    public void countGrant(Caller caller, String holder, Optional<Duration> duration) {
        Duration lasts = duration.orElse(limits.defaultGrant());
        limits.check(lasts);
        Granter granter = caller.kind() == Kind.APPLICATION
                ? new Granter(caller.session().isEmpty() ? holder : holder(caller, ""), Limits.GRANTS_OF_APPLICATION)
                : new Granter(holder, Limits.GRANTS_OF_SESSION);
        grants.count(granter, lasts);
    }

    /**
     * Begins to make a token: counts a grant for the caller and begins to set it. A call that the limits refuse is not
     * counted.
     *
     * @param holder the caller's pseudonym
     * @param metadata a JSON object in UTF-8, empty for none
     * @param size of the value in bytes; the store then accepts no other size
     * @param expires in whole seconds; null for a token that does not expire
     */
    public NewToken begin(Caller caller, String holder, byte[] metadata, OptionalLong size, @Nullable Instant expires) {
        limits.check(metadata, size);
        if (expires != null) limits.check(expires, clock.instant());
        countGrant(caller, holder, Optional.empty());
        Token token = Token.random();
        Payload payload = Payload.withNewKey(metadata, size, holder);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Record record = cipher.seal(token, payload, now, expires);
        // The record is written meanwhile. The order does not matter, because no caller has the token before the
        // answer,
        // which waits for both. A grant without a record allows nothing, and a record opens only with its token.
        Grant grant = new Grant(Direction.BOTH, limits.defaultGrant(), OptionalInt.empty());
        CompletableFuture<@Nullable Void> granted =
                CompletableFuture.runAsync(() -> grants.set(holder, record.id(), grant), Vault::onOwnThread);
        return new NewToken(new IdentifiedToken(token, record.id()), record, payload, size, granted);
    }

    /** Writes the record of a token that is being made, and returns the request that uploads its value. */
    public SignedRequest store(NewToken made) {
        ObjectName name = keyring.objectName(made.token.token());
        records.put(made.record, name);
        made.awaitGrant();
        // The maker holds a grant, which no caller of the Simple API does.
        if (!simple.made(made.payload)) copies.begin(made.payload.creator(), made.record);
        Duration lifetime = limits.urlLifetime(made.record.shorten(limits.defaultGrant(), clock.instant()));
        return objects.upload(name, made.payload.dek(), made.size, lifetime);
    }

    /** Begins to make a token for a caller of the Simple API, who is not known. No caller gets a grant for it. */
    public NewToken beginSimple(byte[] metadata, OptionalLong size) {
        return simple.begin(metadata, size);
    }

    /** Signs the download of a value whose token is one of the Simple API; see {@link SimpleTokens#download}. */
    public SignedRequest downloadSimple(IdentifiedToken token) {
        return simple.download(token);
    }

    /** The uploads in parts. */
    public Uploads uploads() {
        return uploads;
    }

    /**
     * Takes one use of a grant.
     *
     * @param holder the caller's pseudonym
     * @return what {@link #download} needs
     */
    public GrantUse use(String holder, IdentifiedToken token) {
        return copies.use(holder, token.recordId());
    }

    /**
     * Signs the download of a value.
     *
     * @param use what {@link #use} returned
     * @return valid as long as the use and until the token expires, at most for the vault's URL lifetime and at least
     *     for a second
     */
    public SignedRequest download(IdentifiedToken token, GrantUse use) {
        OpenRecord opened = copies.open(token, use).orElseGet(() -> reader.read(token));
        ObjectName name = keyring.objectName(token.token());
        Duration lifetime = limits.urlLifetime(opened.record().shorten(use.left(), clock.instant()));
        return objects.download(name, opened.payload().dek(), lifetime);
    }

    /**
     * The custom metadata of a token. The call needs a grant for reading and takes no use of it.
     *
     * @param holder the caller's pseudonym
     * @return a JSON object in UTF-8, empty for none
     */
    public byte[] metadata(String holder, IdentifiedToken token) {
        grants.check(holder, token.recordId());
        return reader.open(token, reader.find(token.recordId())).metadata();
    }

    /**
     * Grants the use of a token. The vault does not check that the token exists; its use will.
     *
     * @param holder the pseudonym of who gets the grant
     * @param duration empty for the default
     */
    public void grant(
            String holder, IdentifiedToken token, Direction direction, Optional<Duration> duration, OptionalInt uses) {
        Duration lasts = duration.orElse(limits.defaultGrant());
        limits.check(lasts);
        grants.set(holder, token.recordId(), new Grant(direction, lasts, uses));
        if (direction != Direction.STORE) copies.begin(holder, token.recordId());
    }

    /** Revokes all grants of a holder, all for a token, or the one of both; see {@link Grants#revoke}. */
    public void revoke(@Nullable String holder, @Nullable IdentifiedToken token) {
        grants.revoke(holder, token == null ? null : token.recordId());
    }

    /**
     * Whether there is a grant for a token, for either direction.
     *
     * @param holder the pseudonym of who would hold it
     */
    public boolean verify(String holder, IdentifiedToken token) {
        return grants.verify(holder, token.recordId());
    }

    /** Whether a token has a record that has not expired; it may wait for its value. */
    public boolean exists(IdentifiedToken token) {
        // A completion between the first two calls makes a record of the one that waits.
        RecordId id = token.recordId();
        return reader.exists(id) || reader.waiting(id).isPresent() || reader.exists(id);
    }

    /**
     * Erases a token, its record and its value for good.
     *
     * @return the signed receipt, a compact JWS; for a token that was erased before, the first receipt
     */
    public String erase(IdentifiedToken token) {
        return erasure.erase(token);
    }

    /**
     * Makes a new token for the value of another one, whose value is copied to a new object under a new key. This helps
     * when a token, the share of its record and a copy of the bucket may all be known to an attacker. No caller holds a
     * grant for the new token. The old one stays until it is erased.
     */
    public IdentifiedToken rekey(IdentifiedToken token) {
        return rekey.rekey(token);
    }

    /** How many tokens are being erased, at most {@link Limits#ERASURES}. */
    public int activeErasures() {
        return erasure.active();
    }

    /** How many values are being copied for rekeys, at most {@link Limits#COPIES}. */
    public int activeCopies() {
        return rekey.active();
    }

    /** The public keys that verify receipts, a JWK Set. */
    public String receiptKeys() {
        return erasure.keys();
    }

    private static void onOwnThread(Runnable part) {
        Thread.ofVirtual().name("grant-of-maker").start(part);
    }
}
