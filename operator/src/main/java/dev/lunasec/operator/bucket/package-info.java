/**
 * The bucket: what is seen of it, what it should be, a pure plan of the difference, and its application. A store that does not know a
 * setting is no failure; a setting that stops the store from working is taken back.
 */
@NullMarked
package dev.lunasec.operator.bucket;

import org.jspecify.annotations.NullMarked;
