package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.vault.Vault;
import dev.lunasec.tokenizer.vault.Vault.Tokenized;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The routes that take JSON: who may use each, and what it asks of the vault. */
enum Route {
    TOKENIZE(HttpPaths.TOKENIZE, Action.TOKENIZE) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) {
            byte[] metadata = body.optionalObject("metadata")
                    .filter(object -> !object.isEmpty())
                    .map(object -> object.toString().getBytes(StandardCharsets.UTF_8))
                    .orElse(new byte[0]);
            OptionalLong size = body.optionalNumber("size", 0, Long.MAX_VALUE);
            Tokenized tokenized = vault.tokenize(caller, metadata, size);
            Token token = decision.about(tokenized.token());
            ObjectNode data = object().put("tokenId", token.text());
            data.put("uploadUrl", tokenized.upload().uri().toString());
            data.set("headers", headers(tokenized.upload()));
            return data;
        }
    },
    DETOKENIZE(HttpPaths.DETOKENIZE, Action.DETOKENIZE) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) {
            SignedRequest download = vault.detokenize(caller, decision.about(body.token()));
            ObjectNode data = object().put("downloadUrl", download.uri().toString());
            data.set("headers", headers(download));
            return data;
        }
    },
    METADATA_GET(HttpPaths.METADATA_GET, Action.METADATA) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) throws IOException {
            byte[] metadata = vault.metadata(caller, decision.about(body.token()));
            ObjectNode data = object();
            JsonNode custom = metadata.length == 0 ? object() : JsonBody.JSON.readTree(metadata);
            data.set("metadata", custom);
            return data;
        }
    },
    GRANT_SET(HttpPaths.GRANT_SET, Action.GRANT) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) {
            Token token = decision.about(body.token());
            String session = decision.grantee(vault, caller, body.text("sessionId"));
            Optional<Duration> duration = body.optionalText("customDuration").map(Route::duration);
            OptionalLong uses = body.optionalNumber("uses", 1, Integer.MAX_VALUE);
            vault.grant(
                    caller,
                    session,
                    token,
                    direction(body.optionalText("direction").orElse("both")),
                    duration,
                    uses.isPresent() ? OptionalInt.of((int) uses.getAsLong()) : OptionalInt.empty());
            return object();
        }
    },
    GRANT_VERIFY(HttpPaths.GRANT_VERIFY, Action.VERIFY) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) {
            Token token = decision.about(body.token());
            String session = decision.grantee(vault, caller, body.text("sessionId"));
            return object().put("valid", vault.verify(caller, session, token));
        }
    },
    ERASE(HttpPaths.TOKEN_ERASE, Action.ERASE) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) {
            return object().put("receipt", vault.erase(decision.about(body.token())));
        }
    },
    REKEY(HttpPaths.TOKEN_REKEY, Action.REKEY) {
        @Override
        ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) {
            Token fresh = vault.rekey(decision.about(body.token()));
            return object().put("tokenId", decision.made(fresh).text());
        }
    };

    final String path;
    private final Action action;

    Route(String path, Action action) {
        this.path = path;
        this.action = action;
    }

    abstract ObjectNode run(Vault vault, Caller caller, JsonBody body, AuditContext decision) throws IOException;

    /** @throws CallFailed {@link ErrorCode#NOT_ALLOWED} when this caller may not use the route */
    void admit(Caller caller) {
        if (caller.actions().contains(action)) return;
        throw new CallFailed(
                ErrorCode.NOT_ALLOWED,
                caller.kind() == Caller.Kind.APPLICATION
                        ? "This application may not use this route; add " + action.label()
                                + " to the actions of its entry in spec.auth.applications."
                        : "This route is for the application alone; call it with the application's own JWT.");
    }

    private static ObjectNode headers(SignedRequest request) {
        ObjectNode headers = object();
        request.headers().forEach(headers::put);
        return headers;
    }

    private static Duration duration(String text) {
        return GoDuration.parse(text)
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.BAD_DURATION,
                        "The field customDuration is not a duration; write one like 30m or 1h20m10s."));
    }

    private static Direction direction(String text) {
        return switch (text) {
            case "store" -> Direction.STORE;
            case "read" -> Direction.READ;
            case "both" -> Direction.BOTH;
            default -> throw JsonBody.bad("The field direction must be store, read or both.");
        };
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
