package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Revocations and erasures in a Redis with a replica, and what is left of them after a failover. */
@Tag("embedded")
class ReplicatedRedisTest {
    private static final RecordId ONE = new RecordId("00112233445566778899aabbccddeeff");
    private static final RecordId TWO = new RecordId("ffeeddccbbaa99887766554433221100");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(60);

    private EmbeddedRedis primary;
    private EmbeddedRedis replica;
    private TcpRelay between;
    private RedisGrants grants;
    private RedisGrants atReplica;

    @BeforeEach
    void replicate() {
        primary = new EmbeddedRedis();
        replica = new EmbeddedRedis();
        between = TcpRelay.to(primary.port());
        grants = new RedisGrants(primary.url(), null, HOUR);
        atReplica = new RedisGrants(replica.url(), null, HOUR);
        replicate(between.port());
        for (String session : new String[] {"a", "b"}) {
            for (RecordId record : new RecordId[] {ONE, TWO}) {
                grants.set(session, record, new Grant(Direction.BOTH, HOUR, OptionalInt.empty()));
            }
        }
        // It is confirmed, so the replica has everything before it too.
        confirmed(() -> grants.revoke("c", ONE));
    }

    @AfterEach
    void stop() {
        atReplica.close();
        grants.close();
        between.close();
        replica.close();
        primary.close();
    }

    @Test
    void whatWasAnsweredHoldsAfterAFailoverRightAfterTheAnswer() {
        confirmed(() -> grants.revoke("a", ONE));
        confirmed(() -> grants.revoke("b", null));
        confirmed(() -> grants.erase(TWO, Instant.ofEpochSecond(100), HOUR));
        primary.stop();
        replica.promote();
        refused(() -> atReplica.use("a", ONE), ErrorCode.NO_GRANT);
        refused(() -> atReplica.use("b", ONE), ErrorCode.NO_GRANT);
        refused(() -> atReplica.use("a", TWO), ErrorCode.UNKNOWN_TOKEN);
        primary.restart();
    }

    @Test
    void aReplicaAdmitsNobody() {
        refused(() -> atReplica.use("a", ONE), ErrorCode.GRANTS_UNAVAILABLE);
        refused(() -> atReplica.check("a", ONE), ErrorCode.GRANTS_UNAVAILABLE);
        refused(() -> atReplica.verify("a", ONE), ErrorCode.GRANTS_UNAVAILABLE);
        replica.promote();
        atReplica.use("a", ONE);
    }

    @Test
    void withoutTheConfirmationOfAReplicaNothingIsAnsweredAndThePrimaryRefuses() {
        between.freeze();
        for (int attempt = 0; attempt < 2; attempt++) {
            // A repeated call is no more confirmed than the first one, on no connection.
            try (RedisGrants again = new RedisGrants(primary.url(), null, HOUR)) {
                refused(() -> again.revoke("a", ONE), ErrorCode.REPLICATION_UNCONFIRMED);
                refused(() -> again.revoke("b", null), ErrorCode.REPLICATION_UNCONFIRMED);
                refused(() -> again.erase(TWO, Instant.ofEpochSecond(100), HOUR), ErrorCode.REPLICATION_UNCONFIRMED);
            }
        }
        refused(() -> grants.use("a", ONE), ErrorCode.NO_GRANT);
        refused(() -> grants.use("b", ONE), ErrorCode.NO_GRANT);
        refused(() -> grants.use("a", TWO), ErrorCode.UNKNOWN_TOKEN);

        // The answers were right: the replica does not know yet, until it replicates again and the calls are repeated.
        replica.promote();
        atReplica.use("a", ONE);
        atReplica.use("b", TWO);
        replicate(primary.port());
        confirmed(() -> grants.revoke("a", ONE));
        confirmed(() -> grants.revoke("b", null));
        confirmed(() ->
                assertThat(grants.erase(TWO, Instant.ofEpochSecond(200), HOUR)).isEqualTo(Instant.ofEpochSecond(100)));
        replica.promote();
        refused(() -> atReplica.use("a", ONE), ErrorCode.NO_GRANT);
        refused(() -> atReplica.use("b", ONE), ErrorCode.NO_GRANT);
        refused(() -> atReplica.use("a", TWO), ErrorCode.UNKNOWN_TOKEN);
    }

    @Test
    void aRepeatedRevocationReachesTheReplicasToo() {
        confirmed(() -> grants.revoke("a", ONE));
        replica.command("CONFIG", "RESETSTAT");
        confirmed(() -> grants.revoke("a", ONE));
        assertThat(replica.info("commandstats")).contains("cmdstat_del:calls=");
    }

    @Test
    void ofManyRevocationsAtOnceEachIsToldThatItIsUnconfirmed() throws Exception {
        between.freeze();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> revocation = () -> {
                refused(() -> grants.revoke("a", null), ErrorCode.REPLICATION_UNCONFIRMED);
                return null;
            };
            for (Future<Void> call : callers.invokeAll(Collections.nCopies(8, revocation))) call.get();
        }
        refused(() -> grants.use("a", ONE), ErrorCode.NO_GRANT);
    }

    @Test
    void aConfirmationThatDoesNotArriveInTimeLeavesTheRevocationUnconfirmed() {
        try (InterferingRelay relay = new InterferingRelay(primary.port());
                RedisGrants through = new RedisGrants(primary.url(relay.port()), null, HOUR)) {
            relay.doOnceAfter("EVALSHA", () -> relay.doOnceAfter("INFO", relay::hold));
            try {
                refused(() -> through.revoke("a", ONE), ErrorCode.REPLICATION_UNCONFIRMED);
            } finally {
                relay.release();
            }
        }
        refused(() -> grants.use("a", ONE), ErrorCode.NO_GRANT);
    }

    @Test
    void aConnectionThatEndsBeforeTheConfirmationConfirmsNothing() {
        between.freeze();
        try (InterferingRelay relay = new InterferingRelay(primary.port());
                RedisGrants through = new RedisGrants(primary.url(relay.port()), null, HOUR)) {
            relay.closeOnceInsteadOf("WAIT");
            // On a new connection, Redis would confirm at once, because nothing was written on it.
            refused(() -> through.revoke("a", ONE), ErrorCode.GRANTS_UNAVAILABLE);
            assertThat(relay.hasClosed()).isTrue();
            refused(() -> through.revoke("a", ONE), ErrorCode.REPLICATION_UNCONFIRMED);
        }
    }

    @Test
    void aReplicaThatLeavesBeforeItConfirmsLeavesNothingConfirmed() {
        between.freeze();
        try (InterferingRelay relay = new InterferingRelay(primary.port());
                RedisGrants through = new RedisGrants(primary.url(relay.port()), null, HOUR)) {
            relay.doOnceAfter("EVALSHA", () -> {
                between.close();
                await().atMost(SOON).until(() -> primary.info("replication").contains("connected_slaves:0"));
            });
            refused(() -> through.revoke("a", ONE), ErrorCode.REPLICATION_UNCONFIRMED);
        }
        // The answer was right: the replica does not know.
        replica.promote();
        atReplica.use("a", ONE);
    }

    @Test
    void aConnectionToAPrimaryThatBecomesAReplicaIsReplaced() {
        try (InterferingRelay relay = new InterferingRelay(primary.port());
                RedisGrants through = new RedisGrants(primary.url(relay.port()), null, HOUR)) {
            through.use("a", ONE);
            replica.promote();
            primary.replicate(replica.port());
            relay.lead(replica.port());
            await().atMost(SOON)
                    .ignoreExceptionsMatching(
                            e -> e instanceof CallFailed failed && failed.failure() == ErrorCode.GRANTS_UNAVAILABLE)
                    .untilAsserted(() -> through.use("a", ONE));
        }
    }

    @Test
    void callersAreServedWhileARevocationWaitsForAReplica() throws Exception {
        between.freeze();
        // Again if the revocation has waited long enough before the caller is served.
        await().atMost(SOON).until(() -> {
            Thread revoking = Thread.ofVirtual()
                    .start(() -> refused(() -> grants.revoke("b", TWO), ErrorCode.REPLICATION_UNCONFIRMED));
            await().atMost(SOON).until(() -> waits() || !revoking.isAlive());
            grants.use("a", ONE);
            boolean servedInTheMeantime = waits();
            revoking.join();
            return servedInTheMeantime;
        });
    }

    private boolean waits() {
        return primary.info("clients").contains("blocked_clients:1");
    }

    private void replicate(int port) {
        replica.replicate(port);
        await().atMost(SOON).until(() -> replica.info("replication").contains("master_link_status:up"));
        await().atMost(SOON).until(() -> {
            String replicas = primary.info("replication");
            return replicas.contains("connected_slaves:1") && replicas.contains("state=online");
        });
    }

    /** Repeats it as a caller would, because the replica of a busy machine may be late. */
    private static void confirmed(Runnable attempt) {
        await().atMost(SOON)
                .ignoreExceptionsMatching(
                        e -> e instanceof CallFailed failed && failed.failure() == ErrorCode.REPLICATION_UNCONFIRMED)
                .untilAsserted(attempt::run);
    }

    private static void refused(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
