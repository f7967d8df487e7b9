@NullMarked
package io.fullhouse.gateway.limit;

import org.jspecify.annotations.NullMarked;
