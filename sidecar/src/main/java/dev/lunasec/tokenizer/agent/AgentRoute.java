package dev.lunasec.tokenizer.agent;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The routes of the tokenizer that the agent forwards, if its actions allow them. It forwards no other path. */
enum AgentRoute {
    TOKENIZE(HttpPaths.TOKENIZE, Action.TOKENIZE, true),
    DETOKENIZE(HttpPaths.DETOKENIZE, Action.DETOKENIZE, true),
    METADATA_GET(HttpPaths.METADATA_GET, Action.METADATA, true),
    METADATA_SET(HttpPaths.METADATA_SET, Action.METADATA, true),
    /** A repeated grant would give back the uses that were taken in between. */
    GRANT_SET(HttpPaths.GRANT_SET, Action.GRANT, false),
    /** A repeated revocation may end a grant that was set in between, which can only refuse calls. */
    GRANT_REVOKE(HttpPaths.GRANT_REVOKE, Action.GRANT, true),
    GRANT_VERIFY(HttpPaths.GRANT_VERIFY, Action.VERIFY, true),
    TOKEN_ERASE(HttpPaths.TOKEN_ERASE, Action.ERASE, true),
    /** A repeated rekey would leave a copy of the value whose token no caller has. */
    TOKEN_REKEY(HttpPaths.TOKEN_REKEY, Action.REKEY, false),
    /** A repeated start leaves an upload that no caller continues, which the sweep aborts. */
    UPLOAD_START(HttpPaths.UPLOAD_START, Action.TOKENIZE, true),
    UPLOAD_PARTS(HttpPaths.UPLOAD_PARTS, Action.TOKENIZE, true),
    UPLOAD_COMPLETE(HttpPaths.UPLOAD_COMPLETE, Action.TOKENIZE, true),
    /** A repeated abort would be told that there is no such upload, although the first one has ended it. */
    UPLOAD_ABORT(HttpPaths.UPLOAD_ABORT, Action.TOKENIZE, false),
    /**
     * Who holds a code can do what it is for without the agent, so the agent must allow all of that. A repeated call
     * makes another code; the first one expires.
     */
    SESSION_CODE(
            HttpPaths.SESSION_CODE, List.of(Action.GRANT, Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA), true),
    TOKENIZE_BATCH(HttpPaths.TOKENIZE_BATCH, Action.TOKENIZE, true),
    DETOKENIZE_BATCH(HttpPaths.DETOKENIZE_BATCH, Action.DETOKENIZE, true),
    GRANT_SET_BATCH(HttpPaths.GRANT_SET_BATCH, Action.GRANT, false),
    GRANT_VERIFY_BATCH(HttpPaths.GRANT_VERIFY_BATCH, Action.VERIFY, true),
    TOKEN_ERASE_BATCH(HttpPaths.TOKEN_ERASE_BATCH, Action.ERASE, true),
    RECEIPT_KEYS(HttpPaths.RECEIPT_KEYS, List.of(), true),
    HEALTH(HttpPaths.HEALTH, List.of(), true);

    final String path;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Action> actions;

    /** Whether a call that may have been processed can be sent again. */
    final boolean repeatable;

    AgentRoute(String path, Action action, boolean repeatable) {
        this(path, List.of(action), repeatable);
    }

    AgentRoute(String path, List<Action> actions, boolean repeatable) {
        this.path = path;
        this.actions = actions;
        this.repeatable = repeatable;
    }

    /**
     * The route of a request.
     *
     * @param path of the request, as it was sent. As at the tokenizer, several slashes count as one, because clients
     *     whose base URL ends in a slash send {@code //grant/set}.
     * @param actions the actions that the agent allows
     * @throws CallFailed {@link ErrorCode#NO_SUCH_ROUTE} or {@link ErrorCode#NOT_ALLOWED}
     */
    static AgentRoute admit(String path, Set<Action> actions) {
        String single = path.replaceAll("/+", "/");
        AgentRoute route = Arrays.stream(values())
                .filter(known -> known.path.equals(single))
                .findFirst()
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.NO_SUCH_ROUTE, "This route does not exist; POST to /tokenize or /detokenize."));
        for (Action needed : route.actions) {
            if (actions.contains(needed)) continue;
            throw new CallFailed(
                    ErrorCode.NOT_ALLOWED,
                    "The agent does not allow this route; add " + needed.label() + " to " + EnvironmentVariables.ACTIONS
                            + " of the agent.");
        }
        return route;
    }
}
