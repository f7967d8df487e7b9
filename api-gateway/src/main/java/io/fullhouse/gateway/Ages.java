package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.Seat;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How old a viewer's connection and token are. Thread-safe.
 *
 * @param tokenLife of a viewer token
 */
record Ages(Duration tokenLife, InstantSource time) {
  /** IVS ends a connection after 24 h (AWS service quotas, IVS Real-Time). */
  private static final Duration MAX_CONNECTION = Duration.ofHours(23).plusMinutes(30);

  /** The player checks a token's expiry at every subscribe, so one near its end is replaced. */
  boolean tokenIsOld(Seat seat) {
    return isOld(seat.tokenEnd());
  }

  /** Whether less than a quarter is left. */
  boolean isOld(Instant tokenEnd) {
    return Duration.between(time.instant(), tokenEnd).compareTo(tokenLife.dividedBy(4)) < 0;
  }

  /** Whether the viewer must connect anew, with another token, before IVS cuts it off. */
  boolean connectionIsOld(Seat seat) {
    return !time.instant().isBefore(seat.issuedAt().plus(MAX_CONNECTION));
  }
}
