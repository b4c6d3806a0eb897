/** A client of the tokenizer for application pods: on the JDK's HTTP client, with the transfer to and from the object store included. */
@NullMarked
package dev.lunasec.client;

import org.jspecify.annotations.NullMarked;
