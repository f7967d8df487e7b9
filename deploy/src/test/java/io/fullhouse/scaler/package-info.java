/** What tests of the whole need of the scaler's inside. */
@NullMarked
package io.fullhouse.scaler;

import org.jspecify.annotations.NullMarked;
