package io.fullhouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Gateways that share one bucket, as this one sees time. */
final class PaceTest {
  private static final Rate SIX_A_MINUTE = new Rate(6, Duration.ofMinutes(1));
  private static final Duration QUIET = Duration.ofSeconds(15);

  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30); // nanoTime may overflow
  private final Bucket shared = new Bucket();
  private final Pace one = new Pace(SIX_A_MINUTE, QUIET, shared, () -> now);
  private final Pace two = new Pace(SIX_A_MINUTE, QUIET, shared, () -> now);

  /** A bucket that fills and may be in debt, as the one in Redis. */
  private final class Bucket implements Pace.Told {
    private final Map<String, Double> left = new HashMap<>();
    private long filledAt = now;
    private boolean away;
    private int calls;

    @Override
    public CompletionStage<Long> took(String subject, int many) {
      calls++;
      if (away) {
        return CompletableFuture.failedStage(new IllegalStateException("away"));
      }
      double fell = (now - filledAt) / (double) SIX_A_MINUTE.spacing();
      left.replaceAll((key, value) -> Math.min(6, value + fell));
      filledAt = now;
      double rest = left.getOrDefault(subject, 6.0) - many;
      left.put(subject, rest);
      return CompletableFuture.completedStage((long) Math.floor(rest));
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void a_burst_ends_at_the_limit_and_says_when_to_come_back() {
    for (int left = 5; left >= 0; left--) {
      Quota quota = one.take("s");
      assertThat(quota.granted()).isTrue();
      assertThat(quota.remaining()).isEqualTo(left);
      assertThat(quota.limit()).isEqualTo(6);
    }
    assertThat(one.take("s").granted()).isFalse();
    assertThat(one.take("s").pauseSeconds()).isEqualTo(10);
    pass(Duration.ofSeconds(9));
    assertThat(one.take("s").granted()).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(one.take("s").granted()).isTrue();
    assertThat(one.take("s").granted()).isFalse();
  }

  @Test
  void one_subject_never_costs_another() {
    for (int i = 0; i < 50; i++) {
      one.take("hasty");
    }
    assertThat(one.take("calm").granted()).isTrue();
  }

  @Test
  void who_beats_as_told_is_never_refused_and_never_told_of() {
    for (int beat = 0; beat < 1_000; beat++) {
      assertThat(one.take("s").granted()).isTrue();
      pass(Duration.ofSeconds(16)); // 80 % of the told interval
    }
    assertThat(shared.calls).isZero();
  }

  @Test
  void what_one_gateway_let_through_the_other_refuses() {
    int granted = 0;
    for (int i = 0; i < 20; i++) {
      granted += (i % 2 == 0 ? one : two).take("s").granted() ? 1 : 0;
    }
    assertThat(granted).isBetween(6, 8); // the first two at each are quiet
  }

  @Test
  void in_the_long_run_all_gateways_together_keep_the_limit() {
    int granted = 0;
    for (int second = 0; second < 3_600; second++) {
      granted += one.take("s").granted() ? 1 : 0;
      granted += two.take("s").granted() ? 1 : 0;
      pass(Duration.ofSeconds(1));
    }
    // 360 an hour, or what two gateways let through quietly: 2 x 240.
    assertThat(granted).isBetween(355, 2 * 240 + 16);
  }

  @Test
  void while_redis_is_away_each_gateway_holds_the_limit_alone() {
    shared.away = true;
    int granted = 0;
    for (int i = 0; i < 20; i++) {
      granted += one.take("s").granted() ? 1 : 0;
    }
    assertThat(granted).isEqualTo(6);
    shared.away = false;
    pass(Duration.ofSeconds(10));
    assertThat(one.take("s").granted()).isTrue();
    assertThat(shared.left).containsEntry("s", 0.0); // the six were owed
  }
}
