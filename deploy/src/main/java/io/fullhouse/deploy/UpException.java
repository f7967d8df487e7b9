package io.fullhouse.deploy;

/** A reason not to run, in words for the person at the terminal, and the exit code it leads to. */
final class UpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private UpException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Something failed, or died. */
  static UpException failed(String message) {
    return new UpException(1, message);
  }

  /** The command line or the environment asks for what cannot be. */
  static UpException usage(String message) {
    return new UpException(2, message);
  }

  int exitCode() {
    return exitCode;
  }
}
