/** The words: events, ids and what is known of stages. Knows nothing of Redis. */
@NullMarked
package io.fullhouse.model;

import org.jspecify.annotations.NullMarked;
