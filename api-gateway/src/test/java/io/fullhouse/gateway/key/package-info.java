@NullMarked
package io.fullhouse.gateway.key;

import org.jspecify.annotations.NullMarked;
