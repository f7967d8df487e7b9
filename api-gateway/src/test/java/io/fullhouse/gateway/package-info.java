@NullMarked
package io.fullhouse.gateway;

import org.jspecify.annotations.NullMarked;
