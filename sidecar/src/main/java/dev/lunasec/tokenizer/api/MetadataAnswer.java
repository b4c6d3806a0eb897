package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The data of an answer to {@code /metadata/get}.
 *
 * @param metadata a JSON object, as it was sent to {@code /tokenize}; empty for none
 */
record MetadataAnswer(JsonNode metadata) {}
