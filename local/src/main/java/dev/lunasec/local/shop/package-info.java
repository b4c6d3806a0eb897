/**
 * The shop of {@code ./run}: a small application that keeps tokens in its database and no card number. It calls the
 * vault only as an application of somebody else would, with the client for Java.
 */
@NullMarked
package dev.lunasec.local.shop;

import org.jspecify.annotations.NullMarked;
