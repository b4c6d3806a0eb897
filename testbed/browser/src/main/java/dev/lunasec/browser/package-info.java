/** The secure frame and its web components in a real browser. */
@NullMarked
package dev.lunasec.browser;

import org.jspecify.annotations.NullMarked;
