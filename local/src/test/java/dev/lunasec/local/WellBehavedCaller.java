package dev.lunasec.local;

import dev.lunasec.contract.HttpPaths;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Eight users who ask 50 times a second together, on time also if answers are late: eight reads of their own tokens,
 * then a new token. The pods take turns, as behind a Service. Each request counts from the moment that it was due.
 */
final class WellBehavedCaller implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int USERS = 8;
    private static final int TOKENS = 3 * USERS;
    private static final Pattern TOKEN = Pattern.compile("\"tokenId\":\"([^\"]+)\"");

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();
    private final boolean repeats;
    private final List<URI> pods;
    private final List<String> jwts;
    private final List<String> tokens = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Long> millis = new ConcurrentLinkedQueue<>();
    private long due;
    private int number;

    /**
     * Makes the tokens.
     *
     * @param jwt gives the credentials of a user, by number
     * @param repeats whether a request whose answer is 503 is sent once more
     */
    WellBehavedCaller(List<URI> pods, IntFunction<String> jwt, boolean repeats)
            throws IOException, InterruptedException {
        this.repeats = repeats;
        this.pods = pods;
        this.jwts = IntStream.range(0, USERS).mapToObj(jwt).toList();
        for (int i = 0; i < TOKENS; i++) {
            HttpResponse<String> made = send(tokenize(pods.get(i % pods.size()), i));
            Matcher token = TOKEN.matcher(made.body());
            if (!token.find()) throw new IOException("answer " + made.statusCode() + " to /tokenize");
            tokens.add(token.group(1));
        }
    }

    void start() {
        due = System.nanoTime();
        var unused = clock.scheduleAtFixedRate(this::call, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Stops, and waits for the last answers. */
    @Override
    public void close() {
        clock.close();
        calls.close();
        http.close();
    }

    /** What went wrong, by request. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    int requests() {
        return millis.size();
    }

    /** The time within which this share of the requests was answered, in milliseconds. */
    long millis(double quantile) {
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
    }

    private void call() {
        long mine = due;
        int which = number++;
        due += EVERY.toNanos();
        calls.execute(() -> call(which, mine));
    }

    private void call(int which, long dueAt) {
        URI pod = pods.get(which % pods.size());
        HttpRequest request = which % 9 == 8 ? tokenize(pod, which) : detokenize(pod, which);
        String what = request.uri().getPath() + " " + which + ": ";
        try {
            HttpResponse<String> answer = send(request);
            if (answer.statusCode() != 200) failures.add(what + answer.statusCode());
        } catch (IOException e) {
            failures.add(what + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - dueAt));
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        return repeats && answer.statusCode() == 503 ? http.send(request, BodyHandlers.ofString()) : answer;
    }

    private HttpRequest tokenize(URI pod, int which) {
        return request(pod, which, HttpPaths.TOKENIZE, "{\"size\":10}");
    }

    /** A token and its user have the same number, modulo the number of users. */
    private HttpRequest detokenize(URI pod, int which) {
        return request(pod, which, HttpPaths.DETOKENIZE, "{\"tokenId\":\"" + tokens.get(which % TOKENS) + "\"}");
    }

    private HttpRequest request(URI pod, int which, String path, String body) {
        return HttpRequest.newBuilder(pod.resolve(path))
                .timeout(DEADLINE)
                .header("authorization", jwts.get(which % USERS))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
