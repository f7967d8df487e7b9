package io.fullhouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitsTest {
  private static final Duration TOLD = Duration.ofSeconds(20);

  @Test
  void what_is_not_named_keeps_its_default() {
    RateLimits limits = RateLimits.parse("join=100/h,read=off", TOLD);

    assertThat(limits.of(RateClass.JOIN)).contains(new Rate(100, Duration.ofHours(1)));
    assertThat(limits.of(RateClass.BEAT)).contains(new Rate(6, Duration.ofMinutes(1)));
    assertThat(limits.of(RateClass.LEAVE)).contains(new Rate(10, Duration.ofMinutes(1)));
    assertThat(limits.of(RateClass.READ)).isEmpty();
    assertThat(limits.of(RateClass.BAD)).contains(new Rate(60, Duration.ofMinutes(1)));
  }

  @Test
  void off_lifts_all() {
    for (RateClass what : RateClass.values()) {
      assertThat(RateLimits.parse("off", TOLD).of(what)).isEmpty();
    }
  }

  @Test
  void heartbeats_may_always_come_twice_as_often_as_clients_are_told() {
    RateLimits limits = RateLimits.parse("beat=6/m", Duration.ofSeconds(3));

    assertThat(limits.of(RateClass.BEAT)).contains(new Rate(40, Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "on", "join", "join=", "join=0/m", "join=1/d", "hurry=1/s", "join=1/m,"})
  void what_is_no_limit_stops_the_start(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RateLimits.parse(text, TOLD))
        .withMessageContaining("RATE_LIMITS");
  }
}
