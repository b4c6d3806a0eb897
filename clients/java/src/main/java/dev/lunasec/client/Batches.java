package dev.lunasec.client;

import static dev.lunasec.client.TokenizerApi.JSON;
import static dev.lunasec.client.TokenizerApi.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Calls of {@link TokenizerClient} for many tokens, with one request for up to 100 of them; longer lists take several.
 * Each method returns one result for each item, in their order, and throws {@link TokenizerException} when a request
 * fails as a whole; what earlier requests did stays.
 */
public final class Batches {
    private static final int MOST = 100;

    private final TokenizerApi tokenizer;
    private final ObjectTransfer store;

    Batches(TokenizerApi tokenizer, ObjectTransfer store) {
        this.tokenizer = tokenizer;
        this.store = store;
    }

    /** Stores values, one upload after the other, and returns their tokens. */
    public List<Result<String>> tokenize(List<Value> values) {
        return tokenize(values, TokenizeOptions.DEFAULT);
    }

    /** The same with options, which hold for each of the values. */
    public List<Result<String>> tokenize(List<Value> values, TokenizeOptions options) {
        List<ObjectNode> items = values.stream().map(options::request).toList();
        return call("/tokenize/batch", items, Retry.Policy.ALWAYS, (data, item) -> {
            store.upload(text(data, "uploadUrl"), data, values.get(item));
            return text(data, "tokenId");
        });
    }

    /**
     * Reads values into memory, one after the other.
     *
     * @param largest of each value, in bytes; a larger one fails with {@link ErrorCode#TOO_LARGE}
     */
    public List<Result<byte[]>> detokenize(List<String> tokens, int largest) {
        return call("/detokenize/batch", about(tokens), Retry.Policy.ALWAYS, (data, item) -> {
            try (InputStream in = store.download(text(data, "downloadUrl"), data)) {
                return ObjectTransfer.whole(in, largest);
            } catch (IOException e) {
                throw ObjectTransfer.endedEarly(e);
            }
        });
    }

    /** Allows a session to use tokens, as {@link TokenizerClient#grant} does one; returns the tokens. */
    public List<Result<String>> grant(String session, List<String> tokens, GrantOptions options) {
        List<ObjectNode> items =
                tokens.stream().map(token -> options.request(session, token)).toList();
        return call("/grant/set/batch", items, options.retry(), (data, item) -> tokens.get(item));
    }

    /** Returns for each token whether a session holds a grant for it; for applications. */
    public List<Result<Boolean>> verify(String session, List<String> tokens) {
        List<ObjectNode> items = about(tokens);
        items.forEach(item -> item.put("sessionId", session));
        return call(
                "/grant/verify/batch",
                items,
                Retry.Policy.ALWAYS,
                (data, item) -> data.path("valid").asBoolean());
    }

    /** Erases tokens for ever, as {@link TokenizerClient#erase} does one; for applications. */
    public List<Result<ErasureReceipt>> erase(List<String> tokens) {
        return call(
                "/token/erase/batch",
                about(tokens),
                Retry.Policy.ALWAYS,
                (data, item) -> new ErasureReceipt(text(data, "receipt")));
    }

    /** @param read makes the value of an item from its data and its number in the list */
    private <T> List<Result<T>> call(
            String path, List<ObjectNode> items, Retry.Policy policy, BiFunction<JsonNode, Integer, T> read) {
        List<Result<T>> results = new ArrayList<>();
        for (int first = 0; first < items.size(); first += MOST) {
            List<ObjectNode> some = items.subList(first, Math.min(first + MOST, items.size()));
            ObjectNode request = JSON.createObjectNode();
            ArrayNode list = request.putArray("items");
            list.addAll(some);
            JsonNode answers = tokenizer.post(path, request, policy).path("results");
            if (answers.size() != some.size()) {
                throw new TokenizerException(
                        ErrorCode.UNKNOWN, 200, "The tokenizer's answer has another number of results than items.");
            }
            for (int i = 0; i < some.size(); i++) results.add(result(answers.get(i), first + i, read));
        }
        return results;
    }

    private static <T> Result<T> result(JsonNode answer, int item, BiFunction<JsonNode, Integer, T> read) {
        try {
            if (answer.path("success").asBoolean()) return new Result.Done<>(read.apply(answer.path("data"), item));
            return new Result.Failed<>(TokenizerApi.refused(answer, 200));
        } catch (TokenizerException e) {
            return new Result.Failed<>(e);
        }
    }

    private static List<ObjectNode> about(List<String> tokens) {
        return tokens.stream()
                .map(token -> JSON.createObjectNode().put("tokenId", token))
                .toList();
    }
}
