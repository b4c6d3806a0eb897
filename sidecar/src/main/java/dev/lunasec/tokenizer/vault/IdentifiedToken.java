package dev.lunasec.tokenizer.vault;

import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;

/**
 * A token with the id of its record, which the vault computes once for each call.
 *
 * @param recordId may be logged, unlike the token
 */
public record IdentifiedToken(Token token, RecordId recordId) {}
