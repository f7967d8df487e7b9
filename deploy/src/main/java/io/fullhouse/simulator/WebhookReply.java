package io.fullhouse.simulator;

import java.time.Duration;
import java.util.Optional;

/**
 * How a webhook took an event.
 *
 * @param status 0 when there was no answer in time
 * @param retryAfter what it asked for; negative: never again
 */
record WebhookReply(int status, Optional<Duration> retryAfter) {
  static final WebhookReply NONE = new WebhookReply(0, Optional.empty());

  private static final int TOO_MANY_REQUESTS = 429;

  boolean isAccepted() {
    return status >= 200 && status < 300;
  }

  /** EventBridge tries again after 429, 5xx and timeouts, and after no other answer. */
  boolean mayBeTriedAgain() {
    boolean passing = status == 0 || status == TOO_MANY_REQUESTS || status >= 500;
    return passing && retryAfter.filter(Duration::isNegative).isEmpty();
  }

  String shown() {
    return status == 0 ? "no answer" : Integer.toString(status);
  }
}
