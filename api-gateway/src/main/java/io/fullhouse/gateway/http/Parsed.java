package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Message;

/** What became of the text of a field. */
public sealed interface Parsed<T> {
  /** It is good. */
  record Good<T>(T value) implements Parsed<T> {}

  /**
   * It is not.
   *
   * @param why it must be otherwise, as the end of a sentence that begins with the field's name
   */
  record Wrong<T>(Message why) implements Parsed<T> {}

  static <T> Parsed<T> of(T value) {
    return new Good<>(value);
  }

  static <T> Parsed<T> wrong(Message why) {
    return new Wrong<>(why);
  }

  /**
   * What it became.
   *
   * @throws ApiException naming the field, when the text is wrong
   */
  default T orRefuse(String field) {
    if (this instanceof Wrong<T> wrong) {
      throw ApiException.invalid(field, wrong.why());
    }
    return ((Good<T>) this).value();
  }
}
