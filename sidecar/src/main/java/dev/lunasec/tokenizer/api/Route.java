package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.grant.GrantUse;
import dev.lunasec.tokenizer.vault.IdentifiedToken;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes that take JSON: the action that each needs, and what it asks of the vault. The class is long because it
 * has one constant for each route.
 */
enum Route {
    TOKENIZE(HttpPaths.TOKENIZE, Action.TOKENIZE) {
        @Override
        Rest begin(Call call) {
            NewToken made = call.newToken();
            return () -> {
                SignedRequest upload = call.vault().store(made);
                return new TokenizeAnswer(made.token().token().text(), upload.url(), upload.headers());
            };
        }
    },
    DETOKENIZE(HttpPaths.DETOKENIZE, Action.DETOKENIZE) {
        @Override
        Rest begin(Call call) {
            IdentifiedToken token = call.token();
            GrantUse use = call.vault().use(call.holder(), token);
            return () -> {
                SignedRequest download = call.vault().download(token, use);
                return new DetokenizeAnswer(download.url(), download.headers());
            };
        }
    },
    METADATA_GET(HttpPaths.METADATA_GET, Action.METADATA) {
        @Override
        Rest begin(Call call) {
            IdentifiedToken token = call.token();
            return () -> new MetadataAnswer(RequestJson.metadata(call.vault().metadata(call.holder(), token)));
        }
    },
    /** A route of the original. It refuses every caller in the same way, whether the token exists or not. */
    METADATA_SET(HttpPaths.METADATA_SET, Action.METADATA) {
        @Override
        Rest begin(Call call) {
            call.token();
            throw new CallFailed(
                    ErrorCode.METADATA_IMMUTABLE,
                    "The metadata of a token never changes; send it to /tokenize when the token is made.");
        }
    },
    GRANT_SET(HttpPaths.GRANT_SET, Action.GRANT) {
        @Override
        Rest begin(Call call) {
            GrantSetRequest request = call.read(GrantSetRequest.class);
            IdentifiedToken token = call.token(request.tokenId());
            String grantee = call.grantee(request.sessionId());
            Optional<Duration> duration = request.duration();
            OptionalInt uses = request.uses() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(request.uses().intValue());
            Direction direction = request.directions();
            call.vault().countGrant(call.caller(), call.holder(), duration);
            call.vault().grant(grantee, token, direction, duration, uses);
            return NoAnswer::new;
        }
    },
    GRANT_REVOKE(HttpPaths.GRANT_REVOKE, Action.GRANT) {
        @Override
        Rest begin(Call call) {
            GrantRevokeRequest request = call.read(GrantRevokeRequest.class);
            String tokenId = request.tokenId();
            String sessionId = request.sessionId();
            IdentifiedToken token = tokenId == null ? null : call.token(tokenId);
            call.vault().revoke(sessionId == null ? null : call.grantee(sessionId), token);
            return NoAnswer::new;
        }
    },
    GRANT_VERIFY(HttpPaths.GRANT_VERIFY, Action.VERIFY) {
        @Override
        Rest begin(Call call) {
            GrantVerifyRequest request = call.read(GrantVerifyRequest.class);
            IdentifiedToken token = call.token(request.tokenId());
            boolean valid = call.vault().verify(call.grantee(request.sessionId()), token);
            // Redis does not know when the token expires.
            return () -> new GrantVerifyAnswer(valid && call.vault().exists(token));
        }
    },
    ERASE(HttpPaths.TOKEN_ERASE, Action.ERASE) {
        @Override
        Rest begin(Call call) {
            IdentifiedToken token = call.token();
            return () -> new EraseAnswer(call.vault().erase(token));
        }
    },
    REKEY(HttpPaths.TOKEN_REKEY, Action.REKEY) {
        @Override
        Rest begin(Call call) {
            IdentifiedToken token = call.token();
            return () -> {
                IdentifiedToken fresh = call.vault().rekey(token);
                call.audit().made(fresh.recordId());
                return new RekeyAnswer(fresh.token().text());
            };
        }
    },
    UPLOAD_START(HttpPaths.UPLOAD_START, Action.TOKENIZE) {
        @Override
        Rest begin(Call call) {
            return UploadCalls.start(call);
        }
    },
    UPLOAD_PARTS(HttpPaths.UPLOAD_PARTS, Action.TOKENIZE) {
        @Override
        Rest begin(Call call) {
            return UploadCalls.parts(call);
        }
    },
    UPLOAD_COMPLETE(HttpPaths.UPLOAD_COMPLETE, Action.TOKENIZE) {
        @Override
        Rest begin(Call call) {
            return UploadCalls.complete(call);
        }

        @Override
        int weight() {
            return UploadCalls.WEIGHT_OF_COMPLETE;
        }
    },
    UPLOAD_ABORT(HttpPaths.UPLOAD_ABORT, Action.TOKENIZE) {
        @Override
        Rest begin(Call call) {
            return UploadCalls.abort(call);
        }
    },
    /** An application alone may name a session for which a frame acts. */
    SESSION_CODE(HttpPaths.SESSION_CODE, Action.GRANT) {
        @Override
        Rest begin(Call call) {
            return FrameCalls.code(call);
        }
    },
    TOKENIZE_BATCH(HttpPaths.TOKENIZE_BATCH, TOKENIZE),
    DETOKENIZE_BATCH(HttpPaths.DETOKENIZE_BATCH, DETOKENIZE),
    GRANT_SET_BATCH(HttpPaths.GRANT_SET_BATCH, GRANT_SET),
    GRANT_VERIFY_BATCH(HttpPaths.GRANT_VERIFY_BATCH, GRANT_VERIFY),
    ERASE_BATCH(HttpPaths.TOKEN_ERASE_BATCH, ERASE);

    /** What a frame with an access token needs. It gets no other route, whatever its actions are. */
    private static final Set<Route> OF_FRAMES =
            EnumSet.of(TOKENIZE, DETOKENIZE, METADATA_GET, UPLOAD_START, UPLOAD_PARTS, UPLOAD_COMPLETE, UPLOAD_ABORT);

    /** What is left of a call after its grants: the work with the store. It returns the record of the answer's data. */
    interface Rest {
        Object finish() throws IOException;
    }

    final String path;

    /** The route that each item of a batch is a call of; null if the route takes no batch. */
    final @Nullable Route item;

    private final Action action;

    Route(String path, Action action) {
        this.path = path;
        this.action = action;
        this.item = null;
    }

    /** A route that takes a batch. */
    Route(String path, Route item) {
        this.path = path;
        this.action = item.action;
        this.item = item;
    }

    /** Begins to serve a call: checks what it asks for, and takes or sets its grants. */
    Rest begin(Call call) {
        Route single = item;
        if (single == null) throw new IllegalStateException("a route that takes no batch serves its call itself");
        return () -> call.batches().serve(call, single);
    }

    /** As how many calls a call counts. */
    int weight() {
        return item == null ? 1 : Batches.WEIGHT;
    }

    /** @throws CallFailed {@link ErrorCode#NOT_ALLOWED} when this caller may not use the route */
    void admit(Caller caller) {
        boolean isFrame = caller.frame() != null;
        if (caller.actions().contains(action) && (!isFrame || OF_FRAMES.contains(this))) return;
        String why = isFrame
                ? "A frame may not use this route with this access token; ask the application for a code for the action"
                        + " that the frame needs."
                : whyNot(caller.kind());
        throw new CallFailed(ErrorCode.NOT_ALLOWED, why);
    }

    private String whyNot(Kind kind) {
        if (kind == Kind.APPLICATION) return without(action);
        return Caller.OF_USERS.contains(action)
                ? "This caller may not use this route; add " + action.label()
                        + " to the actions of its entry in spec.auth.issuers."
                : "Only the application may use this route; call it with the application's own JWT.";
    }

    /** The sentence for an application that lacks an action. */
    static String without(Action action) {
        return "This application may not use this route; add " + action.label()
                + " to the actions of its entry in spec.auth.applications or spec.auth.issuers.";
    }

    /** Metadata as the vault takes it; no bytes for none. */
    static byte[] bytes(@Nullable ObjectNode metadata) {
        if (metadata == null || metadata.isEmpty()) return new byte[0];
        return metadata.toString().getBytes(StandardCharsets.UTF_8);
    }
}
