package dev.lunasec.tokenizer.api;

import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.vault.IdentifiedToken;
import dev.lunasec.tokenizer.vault.SentPart;
import dev.lunasec.tokenizer.vault.Uploads;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What the routes of uploads in parts ask of the vault. */
final class UploadCalls {
    /** A call that completes an upload counts as so many calls, because its body may name 10,000 parts. */
    static final int WEIGHT_OF_COMPLETE = 16;

    private UploadCalls() {}

    static Route.Rest start(Call call) {
        NewToken made = call.newToken();
        return () -> {
            Uploads.Started started = call.vault().uploads().start(made);
            OptionalLong size = started.partSize();
            return new UploadStartAnswer(
                    made.token().token().text(), started.uploadId(), size.isEmpty() ? null : size.getAsLong());
        };
    }

    static Route.Rest parts(Call call) {
        UploadPartsRequest request = call.read(UploadPartsRequest.class);
        IdentifiedToken token = call.token(request.tokenId());
        Duration left = call.vault().uploads().admit(call.holder(), token);
        int first = request.first().intValue();
        int count = request.count().intValue();
        return () -> {
            List<SignedRequest> signed = call.vault().uploads().parts(token, request.uploadId(), first, count, left);
            List<SignedPart> parts = new ArrayList<>();
            for (SignedRequest part : signed) {
                parts.add(new SignedPart(first + parts.size(), part.url(), part.headers()));
            }
            return new UploadPartsAnswer(parts);
        };
    }

    static Route.Rest complete(Call call) {
        UploadCompleteRequest request = call.read(UploadCompleteRequest.class);
        IdentifiedToken token = call.token(request.tokenId());
        Duration unused = call.vault().uploads().admit(call.holder(), token);
        List<SentPart> sent = request.parts().stream()
                .map(part -> new SentPart(part.part().intValue(), part.etag()))
                .toList();
        return () -> {
            call.vault().uploads().complete(token, request.uploadId(), sent);
            return new NoAnswer();
        };
    }

    static Route.Rest abort(Call call) {
        UploadAbortRequest request = call.read(UploadAbortRequest.class);
        IdentifiedToken token = call.token(request.tokenId());
        Duration unused = call.vault().uploads().admit(call.holder(), token);
        return () -> {
            call.vault().uploads().abort(token, request.uploadId());
            return new NoAnswer();
        };
    }
}
