/** How it runs: everything on one machine with one command. */
@NullMarked
package io.fullhouse.deploy;

import org.jspecify.annotations.NullMarked;
