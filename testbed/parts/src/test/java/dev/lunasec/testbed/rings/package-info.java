@NullMarked
package dev.lunasec.testbed.rings;

import org.jspecify.annotations.NullMarked;
