package io.fullhouse.deploy;

import io.fullhouse.deploy.MobileHouse.Seat;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A page or app that keeps the contract's client rules. Knows of the system what it was answered.
 * For one thread.
 */
final class MobileDevice {
  private static final int INTERVAL = 20;
  private static final int MAX_BACKOFF = 8;

  final String user;
  private @Nullable Seat seat;
  private boolean over;
  private int failures;
  private long due = Long.MAX_VALUE;
  private long hiddenUntil;
  private long answeredAt;

  MobileDevice(String user) {
    this.user = user;
  }

  /** It has a seat, or had one; fails before its first join. */
  Seat seat() {
    if (seat == null) {
      throw new IllegalStateException(user + " never joined");
    }
    return seat;
  }

  boolean isSeated() {
    return seat != null;
  }

  /** Was told to stop, was reloaded or went away. */
  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
  }

  /** It sees nothing and says nothing until then, in seconds of the show. */
  void hide(long until) {
    hiddenUntil = until;
  }

  /** Came back by its seat. */
  void resume() {
    over = false;
  }

  /** Whether it is to speak in this second. */
  boolean speaks(long second) {
    return !over && due == second && second >= hiddenUntil;
  }

  /** When it speaks next: the appointment that {@link #speaks} remembers. */
  long next() {
    return due;
  }

  /** After its time in the background it speaks at once. */
  void wakes(long second) {
    due = second;
  }

  /** How long ago it was answered, in seconds. */
  long unansweredFor(long second) {
    return second - answeredAt;
  }

  void joined(Seat given, long second, Random random) {
    seat = given;
    failures = 0;
    answeredAt = second;
    due = second + 1 + random.nextInt(INTERVAL); // the first at a random point of the interval
  }

  /** Heartbeats at 80 to 100 % of the interval. */
  void answered(long second, Random random) {
    failures = 0;
    answeredAt = second;
    due = second + INTERVAL - random.nextInt(INTERVAL / 5 + 1);
  }

  /** Again after 2, 4, 8 seconds. */
  void unanswered(long second) {
    failures++;
    due = second + Math.min(MAX_BACKOFF, 1 << failures);
  }
}
