package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.s3.Canary;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.s3.StoreStatus;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A store behind HTTPS, with a certificate of an authority that Java does not know. */
@Tag("embedded")
class TrustedStoreTest {
    private final TestAuthority authority = new TestAuthority("internal");
    private VaultBucket store;
    private TcpRelay front;

    @BeforeEach
    void start() {
        store = new VaultBucket();
        front = TcpRelay.overTls(authority, store.endpoint().getPort());
    }

    @AfterEach
    void stop() {
        front.close();
        store.close();
    }

    @Test
    void bothClientsOfAConnectionBelieveTheAuthorityThatTheyAreGiven() {
        try (S3Connection connection = connection(authority.pem())) {
            assertThat(connection.s3().listBuckets().buckets()).hasSize(1);
            assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.Ready);
        }
    }

    @Test
    void withoutItOrWithAnotherOneThereIsNoConnection() {
        for (String other : new String[] {null, new TestAuthority("internal").pem()}) {
            try (S3Connection connection = connection(other)) {
                assertThatThrownBy(() -> connection.s3().listBuckets())
                        .isInstanceOf(SdkClientException.class)
                        .hasStackTraceContaining("PKIX path");
                assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.StoreUnreachable);
            }
        }
    }

    private S3Connection connection(@Nullable String trustedCA) {
        URI endpoint = URI.create("https://127.0.0.1:" + front.port());
        return new S3Connection(
                new StoreLocation(VaultBucket.NAME, "us-east-1", endpoint, true), VaultBucket.KEYS, trustedCA);
    }
}
