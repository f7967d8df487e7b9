/**
 * A stand-in for Amazon IVS Real-Time and EventBridge on one local port, steered under {@code
 * /_sim}.
 *
 * <p>It shares no code with the services it stands before: a mistake of theirs must not be repeated
 * here. It checks what the real services check, because no AWS SDK does.
 */
@NullMarked
package io.fullhouse.simulator;

import org.jspecify.annotations.NullMarked;
