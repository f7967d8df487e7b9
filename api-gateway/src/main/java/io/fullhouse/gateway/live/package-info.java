/** Numbers that come by themselves: one reader a gateway, and any number who watch. */
@NullMarked
package io.fullhouse.gateway.live;

import org.jspecify.annotations.NullMarked;
