/** Owns the viewer keys: folds the event stream into them, exactly once, and proves it. */
@NullMarked
package io.fullhouse.counter;

import org.jspecify.annotations.NullMarked;
