package dev.lunasec.bench;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A vault of a {@link HostProcess}. */
final class VaultProcess {
    /**
     * What a store got.
     *
     * @param reads requests for the content of an object
     * @param writes requests that put or delete an object
     */
    record Requests(long reads, long writes) {}

    /**
     * What Redis holds.
     *
     * @param bytes of memory that it has allocated
     * @param keys those that have expired and are not deleted yet included
     */
    record Redis(long bytes, long keys) {}

    /** Of a process that calls no store. */
    static final Requests NO_REQUESTS = new Requests(-1, -1);

    /** The folder with the files of a pod. */
    final Path folder;

    /** Where the store is. */
    final URI store;

    private final HostProcess host;
    private final int number;

    /**
     * A vault that runs.
     *
     * @param number of the vault in its host
     * @param store the URL of its store
     */
    VaultProcess(HostProcess host, int number, Path folder, String store) {
        this.host = host;
        this.number = number;
        this.folder = folder;
        this.store = URI.create(store);
    }

    /**
     * A JWT that is valid for {@link VaultHost#VALID}.
     *
     * @param kind user, application or developer
     * @param session empty for none
     */
    String jwt(String kind, String session) throws IOException {
        return ask(VaultHost.JWT + " " + kind + " " + session);
    }

    /** A client of the store, which the caller closes. */
    S3Connection connection() {
        return new S3Connection(new StoreLocation(VaultBucket.NAME, "us-east-1", store, true), VaultBucket.KEYS, null);
    }

    /** What the store got until now. */
    Requests requests() throws IOException {
        long[] numbers = numbers(VaultHost.REQUESTS);
        return new Requests(numbers[0], numbers[1]);
    }

    /** Lets the store take longer for each request that reads, writes or deletes an object. */
    void delay(Duration more) throws IOException {
        var unused = ask(VaultHost.DELAY + " " + more.toMillis());
    }

    /** Processor time of the stores of the host since its start, in microseconds. */
    long storeCpuMicros() {
        return host.cpuMicros();
    }

    /** Processor time of the Redis servers of the host since their start, in microseconds. */
    long redisCpuMicros() {
        return host.redisCpuMicros();
    }

    /** What Redis holds. */
    Redis redis() throws IOException {
        long[] numbers = numbers(VaultHost.REDIS);
        return new Redis(numbers[0], numbers[1]);
    }

    /**
     * Makes a further content of the store: what the store has now, and as many further records as make this number.
     * The store must be one for small objects.
     *
     * @return the number of the content
     */
    int fill(int records) throws IOException {
        return (int) numbers(VaultHost.FILL + " " + records)[0];
    }

    /** Lets the store serve a content, without what was put into it since it was filled. */
    void serve(int content) throws IOException {
        var unused = ask(VaultHost.SERVE + " " + content);
    }

    private long[] numbers(String command) throws IOException {
        return Arrays.stream(ask(command).split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private String ask(String command) throws IOException {
        return host.ask(number + " " + command);
    }
}
