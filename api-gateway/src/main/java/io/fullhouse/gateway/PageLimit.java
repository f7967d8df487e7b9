package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.language.Phrase;
import org.jspecify.annotations.Nullable;

/**
 * How many entries a page has.
 *
 * @param unasked when the caller does not say
 * @param most that a caller may ask for
 */
record PageLimit(int unasked, int most) {
  /**
   * Reads the query's {@code limit}.
   *
   * @throws ApiException when it is no number from 1 to {@link #most}
   */
  int of(@Nullable String text) {
    if (text == null) {
      return unasked;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw ApiException.invalid("limit", Phrase.MUST_BE_WHOLE_NUMBER.with(1, most));
  }
}
