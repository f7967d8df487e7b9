package io.fullhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MutableTimeTest {
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final MutableTime time = MutableTime.at(START);

  @Test
  void stands_still_until_it_is_moved() {
    assertThat(time.instant()).isEqualTo(START);
    assertThat(time.instant()).isEqualTo(START);

    assertThat(time.advance(Duration.ofSeconds(60))).isEqualTo(START.plusSeconds(60));
    assertThat(time.millis()).isEqualTo(START.plusSeconds(60).toEpochMilli());
  }

  @Test
  void can_be_set_back() {
    time.set(START.minusSeconds(1));

    assertThat(time.instant()).isBefore(START);
  }
}
