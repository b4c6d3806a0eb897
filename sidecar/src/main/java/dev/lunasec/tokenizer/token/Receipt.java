package dev.lunasec.tokenizer.token;

import java.time.Instant;

/**
 * What is said of an erasure, for good.
 *
 * @param vault namespace and name of the vault, with a slash between them
 * @param record which was erased
 * @param object the data object, which was erased with it
 * @param erased when, in whole seconds
 */
public record Receipt(String vault, RecordId record, ObjectName object, Instant erased) {}
