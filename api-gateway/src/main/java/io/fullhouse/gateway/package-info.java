/**
 * HTTP in, stream entries out. Keeps no state, never touches a viewer key: seats are taken by one
 * atomic script, everything else is an entry for the fold.
 */
@NullMarked
package io.fullhouse.gateway;

import org.jspecify.annotations.NullMarked;
