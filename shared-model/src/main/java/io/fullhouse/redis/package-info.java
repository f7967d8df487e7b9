/** The wire: every key, the connection and the scripts. The only package that talks to Redis. */
@NullMarked
package io.fullhouse.redis;

import org.jspecify.annotations.NullMarked;
