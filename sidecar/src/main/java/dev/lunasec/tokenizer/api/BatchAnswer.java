package dev.lunasec.tokenizer.api;

import java.util.List;

/**
 * The data of an answer of the routes that take a batch.
 *
 * @param results what the single route would answer to each item, in the order of the items
 */
record BatchAnswer(List<Object> results) {}
