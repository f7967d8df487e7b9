/** Participant tokens. The AWS SDK and its errors stop here. */
@NullMarked
package io.fullhouse.gateway.ivs;

import org.jspecify.annotations.NullMarked;
