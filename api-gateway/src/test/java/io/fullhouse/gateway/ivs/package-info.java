@NullMarked
package io.fullhouse.gateway.ivs;

import org.jspecify.annotations.NullMarked;
