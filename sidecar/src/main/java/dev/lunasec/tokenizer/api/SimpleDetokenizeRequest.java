package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;

/** The body of the Simple API's {@code /.lunasec/detokenize}, where a missing token has a code of its own. */
record SimpleDetokenizeRequest(String tokenId) {
    SimpleDetokenizeRequest {
        if (tokenId == null || tokenId.isEmpty()) {
            throw new CallFailed(ErrorCode.NO_TOKEN_ID, "The field tokenId is missing; send the token.");
        }
    }
}
