package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.MultipartUploads.Completion;
import dev.lunasec.s3.MultipartUploads.Part;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.store.BucketUploads;
import dev.lunasec.tokenizer.store.DataObjects;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Values that are uploaded in parts. The record waits until the value is complete, and only then the token can be read.
 * So an upload that is aborted or left alone leaves no token.
 */
public final class Uploads {
    /**
     * An upload that has begun.
     *
     * @param uploadId for the calls that follow
     * @param partSize of each part but the last one, in bytes; empty if the size of the value is not known
     */
    public record Started(String uploadId, OptionalLong partSize) {}

    private final Keyring keyring;
    private final RecordCipher cipher;
    private final RecordReader reader;
    private final Records records;
    private final DataObjects objects;
    private final Grants grants;
    private final Limits limits;
    private final Erasure erasure;
    private final Clock clock;

    Uploads(
            Keyring keyring,
            RecordCipher cipher,
            RecordReader reader,
            Records records,
            DataObjects objects,
            Grants grants,
            Limits limits,
            Erasure erasure,
            Clock clock) {
        this.keyring = keyring;
        this.cipher = cipher;
        this.reader = reader;
        this.records = records;
        this.objects = objects;
        this.grants = grants;
        this.limits = limits;
        this.erasure = erasure;
        this.clock = clock;
    }

    /**
     * Begins the upload of the value of a token that is being made.
     *
     * @throws CallFailed {@link ErrorCode#NOT_SUPPORTED} when the store takes no parts
     */
    public Started start(Vault.NewToken made) {
        ObjectName name = keyring.objectName(made.token().token());
        String upload = objects.uploads().begin(name, made.payload().dek());
        records.putWaiting(made.record());
        made.awaitGrant();
        String id = UploadId.write(upload, made.token().recordId(), keyring);
        OptionalLong size = made.size();
        return new Started(id, size.isEmpty() ? size : OptionalLong.of(UploadedParts.sizeOfParts(size.getAsLong())));
    }

    /**
     * Checks for a grant that allows storing.
     *
     * @param holder the caller's pseudonym
     * @return how long it lasts
     * @throws CallFailed {@link ErrorCode#NO_GRANT}, {@link ErrorCode#UNKNOWN_TOKEN} when the token was erased
     */
    public Duration admit(String holder, IdentifiedToken token) {
        return grants.checkStore(holder, token.recordId());
    }

    /**
     * Signs the uploads of parts.
     *
     * @param left what {@link #admit} returned
     * @param first the number of the first part, from 1 on
     * @param count how many
     * @throws CallFailed {@link ErrorCode#UNKNOWN_UPLOAD}, {@link ErrorCode#BAD_REQUEST} when the value has not so many
     *     parts
     */
    public List<SignedRequest> parts(IdentifiedToken token, String uploadId, int first, int count, Duration left) {
        String upload = UploadId.read(uploadId, token.recordId(), keyring);
        Record waiting = reader.waiting(token.recordId()).orElseThrow(Uploads::unknown);
        Payload payload = reader.open(token, waiting);
        // Stores may abort an upload by themselves.
        ObjectName name = keyring.objectName(token.token());
        if (!objects.uploads().mayRun(name, upload)) throw unknown();
        Duration lifetime = limits.urlLifetime(waiting.shorten(left, clock.instant()));
        List<SignedRequest> parts = new ArrayList<>();
        for (int number = first; number < first + count; number++) {
            OptionalLong size = UploadedParts.sizeOf(number, payload.size());
            parts.add(objects.uploadPart(name, payload.dek(), upload, number, size, lifetime));
        }
        return parts;
    }

    /**
     * Completes an upload, and makes the token readable. A call that was served may be repeated.
     *
     * @param sent the parts of the value, in any order
     * @throws CallFailed {@link ErrorCode#UNKNOWN_UPLOAD}; {@link ErrorCode#UPLOAD_INCOMPLETE} when the store does not
     *     have these parts and no others, and {@link ErrorCode#TOO_LARGE}: then the upload runs as before; {@link
     *     ErrorCode#UNKNOWN_TOKEN} when the token was erased meanwhile
     */
    public void complete(IdentifiedToken token, String uploadId, List<SentPart> sent) {
        String upload = UploadId.read(uploadId, token.recordId(), keyring);
        Optional<Record> waiting = reader.waiting(token.recordId());
        // Only a complete upload has a record that does not wait: the answer of an earlier call was lost.
        if (waiting.isEmpty() && reader.exists(token.recordId())) return;
        Record record = waiting.orElseThrow(Uploads::unknown);
        ObjectName name = keyring.objectName(token.token());
        complete(name, reader.open(token, record), upload, sent);
        publish(token.recordId(), name, record);
    }

    private void complete(ObjectName name, Payload payload, String upload, List<SentPart> sent) {
        BucketUploads uploads = objects.uploads();
        Optional<List<Part>> running = uploads.parts(name, upload);
        List<Part> stored = running.orElse(List.of());
        // An earlier call may have stopped after the store had completed the upload.
        if (stored.isEmpty() && uploads.isThere(name, payload.dek())) return;
        if (running.isEmpty()) throw unknown();
        UploadedParts.require(
                sent.stream().sorted(Comparator.comparingInt(SentPart::number)).toList(),
                stored,
                payload.size(),
                limits);
        switch (uploads.complete(name, payload.dek(), upload, stored)) {
            case Completion.Done done -> {}
            case Completion.NotRunning ended -> {
                if (!uploads.isThere(name, payload.dek())) throw unknown();
            }
            case Completion.PartsRefused refused ->
                throw UploadedParts.incomplete("The store refuses the parts (" + refused.code()
                        + "); each part but the last one must have at least 5 MiB.");
        }
    }

    /**
     * The value exists. As a move does, this puts the record and then checks for the marker of an erasure, which writes
     * the marker and then deletes.
     */
    private void publish(RecordId id, ObjectName name, Record waiting) {
        records.put(waiting.share() == keyring.primary() ? waiting : cipher.rewrap(waiting), name);
        if (erasure.isMarked(id)) {
            records.delete(id);
            objects.delete(name);
            throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; it has been erased.");
        }
        records.deleteWaiting(id);
    }

    /**
     * Aborts an upload, and deletes the waiting record. The grants for the token stay, and allow nothing. If the store
     * does not say that it has ended the upload, another call may be completing it, so nothing is deleted.
     *
     * @throws CallFailed {@link ErrorCode#UNKNOWN_UPLOAD} when it does not run, {@link ErrorCode#ERASURE_INCOMPLETE}
     *     when the store does not delete the waiting record
     */
    public void abort(IdentifiedToken token, String uploadId) {
        String upload = UploadId.read(uploadId, token.recordId(), keyring);
        Record waiting = reader.waiting(token.recordId()).orElseThrow(Uploads::unknown);
        Payload payload = reader.open(token, waiting);
        ObjectName name = keyring.objectName(token.token());
        boolean ended = objects.uploads().abort(name, upload);
        // Some stores say so of an upload that was completed.
        if (!ended || objects.uploads().isThere(name, payload.dek())) throw unknown();
        records.deleteWaiting(token.recordId());
    }

    private static CallFailed unknown() {
        return new CallFailed(
                ErrorCode.UNKNOWN_UPLOAD,
                "No upload in parts runs for this token: it is complete, was aborted, or took longer than two days.");
    }
}
