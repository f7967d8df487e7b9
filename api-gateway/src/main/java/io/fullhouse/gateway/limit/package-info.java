/** How often somebody may ask, and who that is behind a proxy. */
@NullMarked
package io.fullhouse.gateway.limit;

import org.jspecify.annotations.NullMarked;
