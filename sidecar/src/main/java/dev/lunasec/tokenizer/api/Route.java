package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.vault.IdentifiedToken;
import dev.lunasec.tokenizer.vault.Vault.Tokenized;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The routes that take JSON: the action that each needs, and what it asks of the vault. */
enum Route {
    TOKENIZE(HttpPaths.TOKENIZE, Action.TOKENIZE) {
        @Override
        Object run(Call call) {
            TokenizeRequest request = call.read(TokenizeRequest.class);
            OptionalLong size = request.size() == null ? OptionalLong.empty() : OptionalLong.of(request.size());
            Tokenized tokenized = call.vault().tokenize(call.caller(), call.holder(), bytes(request.metadata()), size);
            call.audit().record(tokenized.token().recordId());
            SignedRequest upload = tokenized.upload();
            return new TokenizeAnswer(
                    tokenized.token().token().text(), upload.uri().toString(), upload.headers());
        }
    },
    DETOKENIZE(HttpPaths.DETOKENIZE, Action.DETOKENIZE) {
        @Override
        Object run(Call call) {
            SignedRequest download = call.vault().detokenize(call.holder(), call.token());
            return new DetokenizeAnswer(download.uri().toString(), download.headers());
        }
    },
    METADATA_GET(HttpPaths.METADATA_GET, Action.METADATA) {
        @Override
        Object run(Call call) throws IOException {
            return new MetadataAnswer(RequestJson.metadata(call.vault().metadata(call.holder(), call.token())));
        }
    },
    GRANT_SET(HttpPaths.GRANT_SET, Action.GRANT) {
        @Override
        Object run(Call call) {
            GrantSetRequest request = call.read(GrantSetRequest.class);
            IdentifiedToken token = call.token(request.tokenId());
            String grantee = call.grantee(request.sessionId());
            Optional<Duration> duration =
                    Optional.ofNullable(request.customDuration()).map(Route::duration);
            OptionalInt uses = request.uses() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(request.uses().intValue());
            Direction direction = direction(request.direction());
            call.vault().countGrant(call.caller(), call.holder(), duration);
            call.vault().grant(grantee, token, direction, duration, uses);
            return new NoAnswer();
        }
    },
    GRANT_REVOKE(HttpPaths.GRANT_REVOKE, Action.GRANT) {
        @Override
        Object run(Call call) {
            GrantRevokeRequest request = call.read(GrantRevokeRequest.class);
            String tokenId = request.tokenId();
            String sessionId = request.sessionId();
            IdentifiedToken token = tokenId == null ? null : call.token(tokenId);
            call.vault().revoke(sessionId == null ? null : call.grantee(sessionId), token);
            return new NoAnswer();
        }
    },
    GRANT_VERIFY(HttpPaths.GRANT_VERIFY, Action.VERIFY) {
        @Override
        Object run(Call call) {
            GrantVerifyRequest request = call.read(GrantVerifyRequest.class);
            IdentifiedToken token = call.token(request.tokenId());
            return new GrantVerifyAnswer(call.vault().verify(call.grantee(request.sessionId()), token));
        }
    },
    ERASE(HttpPaths.TOKEN_ERASE, Action.ERASE) {
        @Override
        Object run(Call call) {
            return new EraseAnswer(call.vault().erase(call.token()));
        }
    },
    REKEY(HttpPaths.TOKEN_REKEY, Action.REKEY) {
        @Override
        Object run(Call call) {
            IdentifiedToken fresh = call.vault().rekey(call.token());
            call.audit().made(fresh.recordId());
            return new RekeyAnswer(fresh.token().text());
        }
    };

    final String path;
    private final Action action;

    Route(String path, Action action) {
        this.path = path;
        this.action = action;
    }

    /** Serves a call, and returns the record of the answer's data. */
    abstract Object run(Call call) throws IOException;

    /** @throws CallFailed {@link ErrorCode#NOT_ALLOWED} when this caller may not use the route */
    void admit(Caller caller) {
        if (caller.actions().contains(action)) return;
        throw new CallFailed(
                ErrorCode.NOT_ALLOWED,
                caller.kind() == Kind.APPLICATION
                        ? "This application may not use this route; add " + action.label()
                                + " to the actions of its entry in spec.auth.applications or"
                                + " spec.auth.issuers."
                        : "Only the application may use this route; call it with the application's own JWT.");
    }

    private static byte[] bytes(@Nullable ObjectNode metadata) {
        if (metadata == null || metadata.isEmpty()) return new byte[0];
        return metadata.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Duration duration(String text) {
        return GoDuration.parse(text)
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.BAD_DURATION,
                        "The field customDuration is not a duration; write one like 30m or 1h20m10s."));
    }

    private static Direction direction(@Nullable String text) {
        return switch (text == null ? "both" : text) {
            case "store" -> Direction.STORE;
            case "read" -> Direction.READ;
            case "both" -> Direction.BOTH;
            default -> throw RequestJson.bad("The field direction must be store, read or both.");
        };
    }
}
