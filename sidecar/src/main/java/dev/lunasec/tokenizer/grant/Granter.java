package dev.lunasec.tokenizer.grant;

/**
 * Who sets grants, and how many may be valid at the same time, so that no caller fills Redis alone.
 *
 * @param pseudonym of an application, or of the session of another caller
 * @param maximum at least 1
 */
public record Granter(String pseudonym, int maximum) {}
