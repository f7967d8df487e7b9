/** Owns the stages and their metadata: observe, decide, act. */
@NullMarked
package io.fullhouse.scaler;

import org.jspecify.annotations.NullMarked;
