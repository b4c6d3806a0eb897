package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.job.RecordMove.Outcome;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.RecordFolder;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.Lockstep;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

/** One record on its way, and all that may come between any two of the requests that this takes. */
@Tag("pure")
class RecordMoveTest {
    /** The requests of a move: get, put, marker?, delete; and of a quarantine: get, copy, marker?, delete. */
    private static final int MOVE = 4;

    /** When there is a marker, what was put is deleted as well: uploads?, versions?, delete, uploads?, versions? */
    private static final int MOVE_IN_VAIN = 9;

    /** An erasure puts the marker and deletes three names, one of which exists. */
    private static final int ERASURE = 10;

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void aRecordStandsUnderThePrimaryShareAlone() {
        RecordId id = Rotating.id(vault.token());
        assertThat(move(vault.s3(), id)).isEqualTo(Outcome.MOVED);
        assertThat(vault.all("")).containsExactly("records/2/" + id);
        vault.allRead(Rotating.AFTER);
        assertThat(move(vault.s3(), id)).isEqualTo(Outcome.GONE);
    }

    @Test
    void anUnreadableRecordIsQuarantinedByteForByte() {
        Token token = vault.unreadable();
        RecordId id = Rotating.id(token);
        assertThat(move(vault.s3(), id)).isEqualTo(Outcome.QUARANTINED);
        assertThat(vault.all("")).containsExactly("quarantine/1/" + id);
        assertThat(vault.bucket.get("quarantine/1/" + id)).contains(Rotating.damage(token));
        assertThatThrownBy(() -> new S3Records(vault.bucket, Rotating.KEYRING).find(id))
                .isInstanceOf(CallFailed.class)
                .hasMessageContaining("is quarantined");
    }

    @Test
    void aRecordOfAnotherNameIsNotMoved() {
        RecordId id = Rotating.id(vault.unreadable());
        RecordId other = Rotating.id(vault.token());
        byte[] text = vault.bucket.get(Layout.record(1, other)).orElseThrow();
        vault.bucket.put(Layout.record(1, id), text, "text/plain");
        assertThat(move(vault.s3(), id)).isEqualTo(Outcome.QUARANTINED);
        assertThat(vault.bucket.get(Layout.quarantined(1, id))).contains(text);
    }

    @Test
    void afterADeathAnywhereTheNextWorkerGoesOn() throws Exception {
        for (Supplier<Token> kind : List.<Supplier<Token>>of(vault::token, vault::unreadable)) {
            int deaths = 0;
            for (boolean died = true; died; deaths++) {
                vault.clear();
                RecordId id = Rotating.id(kind.get());
                Death death = new Death(deaths + 1);
                died = Death.of(() -> move(new WatchedS3(vault.s3(), death), id));
                assertThat(died).isEqualTo(death.came());
                vault.allRead(Rotating.KEYRING);
                move(vault.s3(), id);
                assertThat(vault.all("")).as("death %d", deaths + 1).hasSize(1);
                assertThat(vault.all("records/1/")).isEmpty();
                vault.allRead(Rotating.AFTER);
            }
            assertThat(deaths)
                    .as("two for each request, and one life to the end")
                    .isEqualTo(2 * MOVE + 1);
        }
    }

    @Test
    void twoWorkersWithTheSameRecordMayTakeAnyTurns() {
        for (Supplier<Token> kind : List.<Supplier<Token>>of(vault::token, vault::unreadable)) {
            for (String order : Lockstep.orders('a', MOVE, 'b', MOVE)) {
                vault.clear();
                RecordId id = Rotating.id(kind.get());
                new Lockstep(vault.s3(), order)
                        .with('a', s3 -> move(s3, id))
                        .with('b', s3 -> move(s3, id))
                        .run();
                assertThat(vault.all("")).as(order).hasSize(1);
                assertThat(vault.all("records/1/")).as(order).isEmpty();
                vault.allRead(Rotating.AFTER);
            }
        }
    }

    @Test
    void whoeverReadsFindsTheRecordAtEveryMoment() {
        for (String order : Lockstep.orders('m', MOVE, 'r', 4)) {
            vault.clear();
            RecordId id = Rotating.id(vault.token());
            new Lockstep(vault.s3(), order)
                    .with('m', s3 -> move(s3, id))
                    .with(
                            'r',
                            s3 -> assertThat(new S3Records(Rotating.by(s3), Rotating.KEYRING).find(id))
                                    .as(order)
                                    .isPresent())
                    .run();
        }
    }

    @Test
    void whoeverErasesSeesThatThereIsOneAtEveryMoment() {
        for (Supplier<Token> kind : List.<Supplier<Token>>of(vault::token, vault::unreadable)) {
            for (String order : Lockstep.orders('m', MOVE, 'e', 4)) {
                vault.clear();
                RecordId id = Rotating.id(kind.get());
                new Lockstep(vault.s3(), order)
                        .with('m', s3 -> move(s3, id))
                        .with(
                                'e',
                                s3 -> assertThat(new S3Records(Rotating.by(s3), Rotating.KEYRING).exists(id))
                                        .as(order)
                                        .isTrue())
                        .run();
            }
        }
    }

    @Test
    void anUnreadableRecordIsNeverUnknown() {
        for (String order : Lockstep.orders('m', MOVE, 'r', 5)) {
            vault.clear();
            RecordId id = Rotating.id(vault.unreadable());
            new Lockstep(vault.s3(), order)
                    .with('m', s3 -> move(s3, id))
                    .with(
                            'r',
                            s3 -> assertThatThrownBy(() -> new S3Records(Rotating.by(s3), Rotating.KEYRING).find(id))
                                    .as(order)
                                    .hasMessageMatching(".* is (quarantined|unreadable); .*"))
                    .run();
        }
    }

    @Test
    void nothingIsLeftOfARecordThatIsErasedAtAnyMoment() {
        for (Supplier<Token> kind : List.<Supplier<Token>>of(vault::token, vault::unreadable)) {
            for (String order : Lockstep.someOrders('m', MOVE_IN_VAIN, 'e', ERASURE, 150)) {
                vault.clear();
                RecordId id = Rotating.id(kind.get());
                new Lockstep(vault.s3(), order)
                        .with('m', s3 -> move(s3, id))
                        .with('e', s3 -> erase(Rotating.by(s3), id))
                        .run();
                assertThat(vault.all("")).as(order).containsExactly("erased/" + id);
            }
        }
    }

    /** What an erasure does, once Redis knows: it puts the marker, and deletes three names. */
    private static void erase(Bucket bucket, RecordId id) {
        new S3ErasureMarkers(bucket, Rotating.KEYRING).put(Rotating.erased(id));
        new S3Records(bucket, Rotating.KEYRING).delete(id);
    }

    private static Outcome move(S3Client s3, RecordId id) {
        Version only = new Version(Layout.record(1, id), "null", false, true);
        return new RecordMove(Rotating.by(s3), Rotating.KEYRING, RecordFolder.RECORDS, 1).of(id, only);
    }
}
