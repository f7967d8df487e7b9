@NullMarked
package io.fullhouse.gateway.language;

import org.jspecify.annotations.NullMarked;
