/**
 * The rings of tests: one check that each test has its ring, and one report of what ran. JUnit loads both from the test
 * classpath.
 */
@NullMarked
package dev.lunasec.testbed.rings;

import org.jspecify.annotations.NullMarked;
