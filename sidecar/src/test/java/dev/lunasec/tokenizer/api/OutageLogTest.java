package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

@Tag("pure")
class OutageLogTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final OutageLog outages = new OutageLog(now::get);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
    }

    @Test
    void theRefusalOfAStoreIsSaidWithStatusAndCodeAndWithoutItsText() {
        outages.report(storage(refusal("AccessDenied")));
        assertThat(said()).containsExactly("storageUnavailable: S3Exception 403 AccessDenied");
        assertThat(logged.list.get(0).getLevel()).hasToString("WARN");
        assertThat(logged.list.get(0).getThrowableProxy()).isNull();
    }

    @Test
    void aCodeThatIsNoneIsNotRepeated() {
        outages.report(storage(refusal("https://store/?X-Amz-Signature=1")));
        assertThat(said()).containsExactly("storageUnavailable: S3Exception 403");
    }

    @Test
    void whatCausedTheCauseIsNamedToo() {
        outages.report(storage(SdkClientException.create("to https://store", new IOException("secret"))));
        assertThat(said()).containsExactly("storageUnavailable: SdkClientException by IOException");
    }

    @Test
    void eachFailureIsSaidOnceAMinute() {
        for (int i = 0; i < 3; i++) {
            outages.report(storage(refusal("AccessDenied")));
            outages.report(new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, "Try again."));
        }
        assertThat(said()).hasSize(2);
        now.addAndGet(OutageLog.EVERY.toNanos() - 1);
        outages.report(storage(refusal("AccessDenied")));
        assertThat(said()).hasSize(2);
        now.addAndGet(1);
        outages.report(storage(refusal("AccessDenied")));
        assertThat(said()).hasSize(3);
    }

    private List<String> said() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static CallFailed storage(Exception cause) {
        return new CallFailed(ErrorCode.STORAGE_UNAVAILABLE, "Try again.", cause);
    }

    private static Exception refusal(String code) {
        return S3Exception.builder()
                .statusCode(403)
                .message("secret")
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("secret")
                        .build())
                .build();
    }
}
