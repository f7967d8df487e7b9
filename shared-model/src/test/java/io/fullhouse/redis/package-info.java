@NullMarked
package io.fullhouse.redis;

import org.jspecify.annotations.NullMarked;
