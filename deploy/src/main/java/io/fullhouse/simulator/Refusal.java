package io.fullhouse.simulator;

/** Ends a call with an {@link AwsError}; turned into an answer in {@link Dispatcher} alone. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient AwsError error;

  Refusal(AwsError error) {
    // Thrown for every refused call of a load test: no stack trace, nobody reads it.
    super(error.type() + ": " + error.message(), null, false, false);
    this.error = error;
  }

  AwsError error() {
    return error;
  }
}
