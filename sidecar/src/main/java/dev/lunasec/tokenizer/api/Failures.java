package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a route throws into what its caller is told, and logs what the people who run the vault must know. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private final OutageLog outages = new OutageLog(System::nanoTime);

    /** What the caller is told; the decision gets its code. */
    CallFailed report(String path, AuditContext decision, Exception e) {
        if (e instanceof CallFailed failed) {
            decision.failed(failed);
            if (failed.failure() == ErrorCode.CORRUPT_RECORD) log.error("{}", failed.sentence(), failed.getCause());
            if (failed.failure().status() == 503) outages.report(failed);
            return failed;
        }
        log.error("{} failed because of a bug", path, e);
        return bug();
    }

    /** What the caller is told of a bug. */
    static CallFailed bug() {
        return new CallFailed(ErrorCode.INTERNAL, "The tokenizer failed because of a bug; tell the people who run it.");
    }
}
