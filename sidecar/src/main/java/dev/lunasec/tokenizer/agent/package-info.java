/**
 * The agent: a container beside an application that can't speak HTTPS with a token that is renewed. It listens for that pod alone, adds
 * the token, and hands calls on to the tokenizer.
 */
@NullMarked
package dev.lunasec.tokenizer.agent;

import org.jspecify.annotations.NullMarked;
