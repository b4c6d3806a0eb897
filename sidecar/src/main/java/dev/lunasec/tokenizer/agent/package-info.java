/**
 * The agent: a container in the pod of an application that can't speak HTTPS with a token that is renewed. It listens
 * for that pod only, adds the token, and forwards calls to the tokenizer.
 */
@NullMarked
package dev.lunasec.tokenizer.agent;

import org.jspecify.annotations.NullMarked;
