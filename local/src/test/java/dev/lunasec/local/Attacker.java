package dev.lunasec.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A program that attacks servers of loopback for a while, on a number of connections to each of them. It opens another
 * connection for each that is closed. At the end it prints how often the servers gave which answer.
 */
final class Attacker {
    /** In the body of a request: another token in each, which nobody made. */
    static final String INVENTED = "INVENTED-TOKEN";

    private static final String PIECE = "a".repeat(16 << 10);

    /** What an attacker sends on a connection. */
    enum Shape {
        /** Whole requests, each as soon as the last one was answered. */
        REQUESTS(0, ""),
        /** The headers of a request, and its body with a byte a second. */
        SLOW_BODIES(999, " "),
        /** The headers of a request with a byte a second. */
        SLOW_HEADERS(Integer.MAX_VALUE, "a"),
        /** The first bytes of a request, and nothing more. */
        HALF_OPEN(Integer.MAX_VALUE, ""),
        /** Bodies of 15 MiB, as fast as the server reads them. */
        HUGE_BODIES(960, PIECE),
        /** Headers of 1 MiB, as fast as the server reads them. */
        HUGE_HEADERS(64, PIECE);

        private final int pieces;
        private final String piece;

        Shape(int pieces, String piece) {
            this.pieces = pieces;
            this.piece = piece;
        }

        /** Whether it sends slowly, and listens meanwhile. */
        private boolean waits() {
            return this != REQUESTS && piece.length() <= 1;
        }

        private String beginning(Request request) {
            String line = "POST " + request.path + " HTTP/1.1\r\nhost: x\r\n";
            String body = this == REQUESTS
                    ? request.body.replace(INVENTED, "lunasec-" + UUID.randomUUID())
                    : this == SLOW_BODIES ? "{" : "";
            int length = this == REQUESTS ? body.length() : this == SLOW_BODIES ? 1_000 : pieces * piece.length();
            return switch (this) {
                case HALF_OPEN -> "POST /tok";
                case SLOW_HEADERS, HUGE_HEADERS -> line + "x-long: ";
                case REQUESTS, SLOW_BODIES, HUGE_BODIES ->
                    line + "authorization: " + request.jwt + "\r\ncontent-type: application/json\r\n"
                            + "content-length: " + length + "\r\n\r\n" + body;
            };
        }
    }

    /** A request as a line of a file. */
    record Request(String path, String jwt, String body) {
        static Request parse(String line) {
            String[] parts = line.split("\t", 3);
            return new Request(parts[0], parts[1], parts[2]);
        }

        String line() {
            return path + "\t" + jwt + "\t" + body;
        }
    }

    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Shape shape;
    private final List<Request> requests;
    private final long end;

    private Attacker(Shape shape, List<Request> requests, Duration lasts) {
        this.shape = shape;
        this.requests = requests;
        this.end = System.nanoTime() + lasts.toNanos();
    }

    /**
     * Attacks until the time is over.
     *
     * @param args the shape, connections to each target, seconds, the file of requests, and targets as address:port
     */
    public static void main(String[] args) throws Exception {
        int connections = Integer.parseInt(args[1]);
        Duration lasts = Duration.ofSeconds(Long.parseLong(args[2]));
        List<Request> requests = Files.readAllLines(Path.of(args[3])).stream()
                .map(Request::parse)
                .toList();
        Attacker attacker = new Attacker(Shape.valueOf(args[0]), requests, lasts);
        // It is not closed, because its threads end with the program.
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        int number = 0;
        for (String target : Arrays.copyOfRange(args, 4, args.length)) {
            String[] parts = target.split(":", 2);
            InetSocketAddress address = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
            for (int i = 0; i < connections; i++) {
                int mine = number++;
                threads.execute(() -> attack(attacker, address, mine));
            }
        }
        threads.shutdown();
        threads.awaitTermination(lasts.toSeconds(), TimeUnit.SECONDS);
        new TreeMap<>(attacker.outcomes).forEach((outcome, times) -> System.out.println(times + " " + outcome));
        System.exit(0);
    }

    private static void attack(Attacker attacker, InetSocketAddress target, int number) {
        while (!attacker.isOver()) {
            try (AttackConnection connection = new AttackConnection(target, number)) {
                attacker.count("connected");
                attacker.use(connection, number);
            } catch (SocketTimeoutException e) {
                attacker.count("no answer");
            } catch (IOException e) {
                attacker.count("closed");
            }
        }
    }

    private void use(AttackConnection connection, int number) throws IOException {
        for (int i = number; !isOver(); i++) {
            connection.send(shape.beginning(requests.get(i % requests.size())));
            for (int piece = 0; piece < shape.pieces && !isOver(); piece++) {
                if (shape.waits() && connection.hearsWithinASecond()) break;
                connection.send(shape.piece);
            }
            if (isOver()) return;
            count(connection.answer());
            // The rest of the other shapes' requests was not sent.
            if (shape != Shape.REQUESTS) return;
        }
    }

    private boolean isOver() {
        return System.nanoTime() >= end;
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, any -> new LongAdder()).increment();
    }
}
