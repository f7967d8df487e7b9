package io.fullhouse.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How one thread calls another out of its pause. Thread-safe; several calls are one. */
public final class Wakeup {
  private boolean called;

  /** Ends the pause that is under way, or the next one. Never blocks. */
  public synchronized void call() {
    called = true;
    notifyAll();
  }

  /** Whether there was a call since the last time this was asked. */
  public synchronized boolean take() {
    boolean was = called;
    called = false;
    return was;
  }

  /** Pauses until there is a call, which stays to be taken, or the time is over. */
  public synchronized void await(Duration pause) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    while (!called) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
