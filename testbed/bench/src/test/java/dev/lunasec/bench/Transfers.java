package dev.lunasec.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.bench.Window.Counters;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.s3.SseCustomerKey;
import dev.lunasec.s3.UrlSigner;
import dev.lunasec.tokenizer.testing.Api;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Loads that move values of 1 KiB, through a pod and without one. As a client of a vault does, each caller sends the
 * value to the store, or gets it from there, with a signed URL.
 */
final class Transfers {
    private static final byte[] VALUE = new byte[1 << 10];
    private static final Map<String, String> ENCRYPTION = new SseCustomerKey(new byte[32]).headers();
    private static final Duration LIFETIME = Duration.ofMinutes(1);

    private final int pod;
    private final int store;
    private final UrlSigner signer;
    private final String[] jwts;
    private final Supplier<Counters> counters;
    private final String[] tokens;
    private final String[] names;

    /**
     * Of as many callers as there are JWTs.
     *
     * @param pod its port
     * @param counters of the pod
     */
    Transfers(int pod, S3Connection store, String[] jwts, Supplier<Counters> counters) {
        this.pod = pod;
        this.store = store.location().effectiveEndpoint().getPort();
        this.signer = store.signer();
        this.jwts = jwts;
        this.counters = counters;
        this.tokens = new String[jwts.length];
        this.names = new String[jwts.length];
    }

    private interface Call {
        void make(int caller, KeepAliveConnection pod, KeepAliveConnection store) throws IOException;
    }

    /** Each call makes a token and stores its value. */
    Window puts(Duration leadIn, Duration measured) throws IOException, InterruptedException {
        return run(counters, leadIn, measured, (caller, toPod, toStore) -> {
            toPod.exchange(Tokens.tokenize(jwts[caller]));
            JsonNode data = Tokens.data(toPod.body());
            put(toStore, signed(data, "uploadUrl"));
            tokens[caller] = data.path("tokenId").textValue();
        });
    }

    /** Each call gets the value of the last token that its caller has made in {@link #puts}. */
    Window gets(Duration leadIn, Duration measured) throws IOException, InterruptedException {
        return run(counters, leadIn, measured, (caller, toPod, toStore) -> {
            toPod.exchange(
                    Requests.post(HttpPaths.DETOKENIZE, Tokens.authorization(jwts[caller]), Api.of(tokens[caller])));
            get(toStore, signed(Tokens.data(toPod.body()), "downloadUrl"));
        });
    }

    /** The same as {@link #puts} without a pod. */
    Window signedPuts(Duration leadIn, Duration measured) throws IOException, InterruptedException {
        return run(() -> Counters.NONE, leadIn, measured, (caller, toPod, toStore) -> {
            // Not in the folder of small objects, which knows no SSE-C.
            String name = "value/" + UUID.randomUUID();
            Map<String, String> headers = new LinkedHashMap<>(ENCRYPTION);
            headers.put("if-none-match", "*");
            put(toStore, signer.sign(SdkHttpMethod.PUT, name, headers, LIFETIME));
            names[caller] = name;
        });
    }

    /** The same as {@link #gets} without a pod. */
    Window signedGets(Duration leadIn, Duration measured) throws IOException, InterruptedException {
        return run(
                () -> Counters.NONE,
                leadIn,
                measured,
                (caller, toPod, toStore) ->
                        get(toStore, signer.sign(SdkHttpMethod.GET, names[caller], ENCRYPTION, LIFETIME)));
    }

    private Window run(Supplier<Counters> of, Duration leadIn, Duration measured, Call call)
            throws IOException, InterruptedException {
        List<KeepAliveConnection> toPod = new ArrayList<>();
        List<KeepAliveConnection> toStore = new ArrayList<>();
        try {
            for (int i = 0; i < jwts.length; i++) {
                toPod.add(KeepAliveConnection.blocking(i, pod));
                toStore.add(KeepAliveConnection.blocking(i, store));
            }
            return new CallerLoad(jwts.length, of, caller -> call.make(caller, toPod.get(caller), toStore.get(caller)))
                    .run(leadIn, measured);
        } finally {
            for (KeepAliveConnection each : toPod) each.close();
            for (KeepAliveConnection each : toStore) each.close();
        }
    }

    private static void put(KeepAliveConnection store, SignedRequest signed) throws IOException {
        store.exchange(Requests.signed("PUT", signed, VALUE));
    }

    private static void get(KeepAliveConnection store, SignedRequest signed) throws IOException {
        store.exchange(Requests.signed("GET", signed, new byte[0]));
        if (store.length() != VALUE.length) throw new IOException("the store answered another value");
    }

    /** The request that a pod has signed. */
    private static SignedRequest signed(JsonNode data, String url) {
        Map<String, String> headers = new LinkedHashMap<>();
        data.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().textValue()));
        return new SignedRequest(data.path(url).textValue(), headers);
    }
}
