package io.fullhouse.deploy;

import java.io.PrintStream;

/** The terminal: whole lines only, each with the name of who says it. Thread-safe. */
final class Console {
  private final PrintStream out;

  Console(PrintStream out) {
    this.out = out;
  }

  /** A line of the launcher's own. */
  void say(String text) {
    line("up", text);
  }

  /** A line of a service. */
  void line(String speaker, String text) {
    plain(speaker + ": " + text);
  }

  /** A line as it is. */
  synchronized void plain(String text) {
    out.println(text);
    out.flush();
  }
}
