/** The files that browsers get: those of the secure frame, and those of the pages that embed it. */
@NullMarked
package dev.lunasec.frame;

import org.jspecify.annotations.NullMarked;
