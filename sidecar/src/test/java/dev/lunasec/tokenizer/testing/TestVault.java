package dev.lunasec.tokenizer.testing;

import dev.lunasec.contract.Frame;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.TokenizerEnvironment.Cluster;
import dev.lunasec.contract.TokenizerSettings;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.testbed.SmallObjects;
import dev.lunasec.tokenizer.TokenizerAssembly;
import dev.lunasec.tokenizer.ops.Intervals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole tokenizer in this JVM, on a real store, a real Redis and a real issuer, with the files that a pod would have.
 */
public final class TestVault implements AutoCloseable {
    /** Where browsers reach the vault, and where they log in at its issuer. */
    public static final String ORIGIN = "https://vault.example.com";

    public static final URI LOGIN = URI.create("https://shop.example.com/.lunasec/secure-frame");

    /** The page that may ask whether its user is logged in. */
    public static final String PAGE = "https://shop.example.com";

    /** For tests that wait until a pod notices something. */
    public static final Intervals SHORT =
            new Intervals(Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofMillis(200));

    public final VaultBucket store;
    public final EmbeddedRedis redis = new EmbeddedRedis();
    public final JwtIssuer issuer = new JwtIssuer();
    public final Path folder;
    private final boolean ownFolder;
    private final boolean tls;
    private final Intervals intervals;
    private final TokenizerEnvironment environment;
    private final TokenizerAssembly tokenizer;
    private final List<TokenizerAssembly> more = new ArrayList<>();

    /** With users and applications that come with a JWT, over plain HTTP. */
    public TestVault(Path folder) {
        this(in(folder));
    }

    private TestVault(Setup setup) {
        this.store = setup.small == null ? new VaultBucket() : new VaultBucket(setup.small);
        this.folder = setup.folder;
        this.ownFolder = setup.ownFolder;
        this.tls = setup.tls != null;
        this.intervals = setup.intervals;
        if (setup.recordCopies) redis.command("CONFIG", "SET", "maxmemory", "1gb");
        try {
            environment = environment(setup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tokenizer = start();
    }

    private TokenizerAssembly start() {
        try {
            TokenizerAssembly started = TokenizerAssembly.create(environment, intervals);
            if (started.start() != null) throw new IllegalStateException("the embedded store is not fit");
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where another pod of the same vault listens, with the files as they are now. */
    public URI anotherPod() {
        TokenizerAssembly started = start();
        more.add(started);
        return url(started);
    }

    /** Begins to describe a vault with more than the usual. */
    public static Setup in(Path folder) {
        return new Setup(folder, false);
    }

    /** The same, in a folder of its own, which the vault deletes when it closes. */
    public static Setup inOwnFolder() {
        try {
            return new Setup(Files.createTempDirectory("vault"), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the usual vault in a folder of its own. */
    public static TestVault started() {
        return inOwnFolder().start();
    }

    /** What a vault has beside the usual. */
    public static final class Setup {
        private final Path folder;
        private final boolean ownFolder;
        private @Nullable Cluster cluster;
        private List<Application> applications = List.of();
        private List<Issuer> issuers = List.of();
        private @Nullable Path tls;
        private @Nullable Path redisCA;
        private @Nullable Path issuerCAs;
        private IntUnaryOperator redisRelay = port -> port;
        private @Nullable String redisUrl;
        private @Nullable SmallObjects small;
        private @Nullable UnaryOperator<URI> publicStore;
        private boolean simpleApi;
        private boolean recordCopies;
        private String region = "us-east-1";
        private URI login = LOGIN;
        private int port;
        private Frame frame = new Frame(ORIGIN, List.of(PAGE));
        private Intervals intervals = Intervals.USUAL;

        private Setup(Path folder, boolean ownFolder) {
            this.folder = folder;
            this.ownFolder = ownFolder;
        }

        /** Pods call with the tokens of a cluster. */
        public Setup applications(Cluster newCluster, List<Application> newApplications) {
            cluster = newCluster;
            applications = List.copyOf(newApplications);
            return this;
        }

        /** Further issuers of JWTs. */
        public Setup issuers(Issuer... newIssuers) {
            issuers = List.of(newIssuers);
            return this;
        }

        /** HTTPS with the files of a folder. */
        public Setup tls(Path newTls) {
            tls = newTls;
            return this;
        }

        /** A store that has other folders for small objects. */
        public Setup smallObjects(SmallObjects newSmall) {
            small = newSmall;
            return this;
        }

        /**
         * Clients reach the store at another address than the tokenizer.
         *
         * @param newPublicStore that address; it gets the tokenizer's
         */
        public Setup publicStore(UnaryOperator<URI> newPublicStore) {
            publicStore = newPublicStore;
            return this;
        }

        /** Another Redis, and the authority of its certificate if it has one. */
        public Setup redis(String newUrl, @Nullable Path newCA) {
            redisUrl = newUrl;
            redisCA = newCA;
            return this;
        }

        /**
         * Its own Redis, through a relay.
         *
         * @param newRelay the port of the relay before the port of the Redis
         */
        public Setup redisBehind(IntUnaryOperator newRelay) {
            redisRelay = newRelay;
            return this;
        }

        /** A folder with the authorities of those issuers that have some of their own. */
        public Setup issuerCAs(Path newIssuerCAs) {
            issuerCAs = newIssuerCAs;
            return this;
        }

        /** The Simple API is on. */
        public Setup simpleApi() {
            simpleApi = true;
            return this;
        }

        /** Redis keeps copies of records. It has a limit of its memory then. */
        public Setup recordCopies() {
            recordCopies = true;
            return this;
        }

        /** The region of the store. The embedded store takes any. */
        public Setup region(String newRegion) {
            region = newRegion;
            return this;
        }

        /** The port for callers; otherwise a free one. */
        public Setup port(int newPort) {
            port = newPort;
            return this;
        }

        /** The origins of the pages that can embed its frame. */
        public Setup allowedOrigins(List<String> newOrigins) {
            frame = new Frame(frame.origin(), newOrigins);
            return this;
        }

        /** Where browsers reach it, which pages can embed its frame, and where users log in. */
        public Setup browsers(Frame newFrame, URI newLogin) {
            frame = newFrame;
            login = newLogin;
            return this;
        }

        /** It notices changes within the intervals {@link TestVault#SHORT}. */
        public Setup checksOften() {
            intervals = SHORT;
            return this;
        }

        /** Starts it. */
        public TestVault start() {
            return new TestVault(this);
        }
    }

    public URI url() {
        return url(tokenizer);
    }

    /** Calls its pod. */
    public Api api() {
        return new Api(url());
    }

    /** A JWT of a user with the session {@code session-1}. */
    public String user() {
        return issuer.jwt("user", "session-1");
    }

    /** A JWT of an application. */
    public String application() {
        return issuer.jwt("application", "");
    }

    private URI url(TokenizerAssembly pod) {
        return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + pod.port());
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + tokenizer.managementPort());
    }

    /** Writes the files of a pod. */
    private TokenizerEnvironment environment(Setup setup) throws IOException {
        TokenizerSettings settings = new TokenizerSettings(
                new TokenizerSettings.VaultName("payments", "vault"),
                new TokenizerSettings.Storage(
                        VaultBucket.NAME,
                        setup.region,
                        store.endpoint(),
                        setup.publicStore == null ? null : setup.publicStore.apply(store.endpoint()),
                        true,
                        100L << 20,
                        Duration.ofSeconds(60),
                        false),
                new TokenizerSettings.Grants(Duration.ofMinutes(15), Duration.ofHours(1), setup.recordCopies),
                new TokenizerSettings.Auth(Duration.ofMinutes(15), Duration.ofHours(1), setup.simpleApi),
                Stream.concat(
                                Stream.of(Issuers.withLogin(
                                        Issuers.unlimited("shop", JwtIssuer.ISSUER, issuer.jwksUrl()), setup.login)),
                                setup.issuers.stream())
                        .toList(),
                setup.applications,
                setup.frame);
        Path keyring = Files.createDirectories(folder.resolve("keyring"));
        byte[] lookup = random();
        store.identify(lookup);
        Files.write(keyring.resolve("lookup"), lookup);
        Files.writeString(
                keyring.resolve("location"), settings.storage().location().write());
        Files.writeString(keyring.resolve("owner-cluster"), VaultBucket.CLUSTER);
        Files.write(keyring.resolve("share-1"), random());
        Files.writeString(keyring.resolve("primary"), "1");
        Path credentials = Files.createDirectories(folder.resolve("storage"));
        Files.writeString(credentials.resolve("accessKeyId"), VaultBucket.KEYS.accessKeyId());
        Files.writeString(credentials.resolve("secretAccessKey"), VaultBucket.KEYS.secretAccessKey());
        return new TokenizerEnvironment(
                new VaultFiles(
                        Files.writeString(folder.resolve("settings.json"), settings.toJson()),
                        null,
                        keyring,
                        null,
                        credentials,
                        null),
                Files.writeString(
                        folder.resolve("redis-url"),
                        setup.redisUrl == null ? redis.url(setup.redisRelay.applyAsInt(redis.port())) : setup.redisUrl),
                setup.redisCA,
                setup.tls,
                setup.issuerCAs,
                setup.cluster,
                InetAddress.getLoopbackAddress(),
                setup.port,
                0);
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        more.forEach(TokenizerAssembly::close);
        tokenizer.close();
        issuer.close();
        redis.close();
        store.close();
        if (ownFolder) delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
