package io.fullhouse.scaler;

/** Another scaler acts: nothing was written. */
final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LeaseLostException() {
    super("another scaler acts");
  }
}
