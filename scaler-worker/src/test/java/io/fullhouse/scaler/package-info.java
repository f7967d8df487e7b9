@NullMarked
package io.fullhouse.scaler;

import org.jspecify.annotations.NullMarked;
