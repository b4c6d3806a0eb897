package dev.lunasec.operator.model;

import java.time.Duration;

/**
 * What the operator's own settings decide for every vault.
 *
 * @param tokenizerImage the image of tokenizer pods, rewrap Jobs and sweep Jobs
 * @param redisImage the image of managed Redis pods
 * @param ownIdentity whether the operator uses its own cloud identity for a vault that names no credentials. If so,
 *     everyone who may create a Tokenizer can make the operator create buckets, and list and change the settings of
 *     every empty bucket that this identity reaches
 * @param minimumGracePeriod how long every retired share is kept at least, also a compromised one
 */
public record VaultDefaults(
        String tokenizerImage, String redisImage, boolean ownIdentity, Duration minimumGracePeriod) {}
