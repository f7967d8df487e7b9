package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.MASTER;
import static io.fullhouse.scaler.Loads.arn;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.StreamEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ViewerCountHandlerTest {
  private final AtomicInteger crossings = new AtomicInteger();
  private final AtomicInteger losses = new AtomicInteger();
  private final ScalerMetrics metrics = new ScalerMetrics(new MetricRegistry());
  private final ViewerCountHandler handler =
      new ViewerCountHandler(crossings::incrementAndGet, losses::incrementAndGet, metrics);

  @Test
  void keeps_the_latest_count_of_each_stage() {
    handle(1, 7, Map.of(MASTER.value(), "7"));
    handle(2, 9, Map.of(arn(1).value(), "2"));

    assertThat(handler.viewers(MASTER)).hasValue(7);
    assertThat(handler.viewers(arn(1))).hasValue(2);
    assertThat(handler.viewers(arn(2))).isEmpty();
    assertThat(handler.totalViewers()).isEqualTo(9);
  }

  @Test
  void a_redelivered_entry_never_replaces_a_newer_one() {
    handle(2, 9, Map.of(MASTER.value(), "9"));
    handle(1, 7, Map.of(MASTER.value(), "7"));

    assertThat(handler.viewers(MASTER)).hasValue(9);
    assertThat(handler.totalViewers()).isEqualTo(9);
  }

  @Test
  void calls_for_a_pass_once_when_the_total_crosses_the_line() {
    handler.scaleUpLine(40);
    handle(1, 40, Map.of());
    assertThat(crossings).hasValue(0);

    handle(2, 41, Map.of());
    handle(3, 42, Map.of());
    assertThat(crossings).hasValue(1);

    handle(4, 40, Map.of());
    assertThat(crossings).hasValue(2);
  }

  @Test
  void a_line_that_moved_over_the_total_is_not_a_crossing() {
    handler.scaleUpLine(40);
    handle(1, 41, Map.of());
    handler.scaleUpLine(80);
    handle(2, 42, Map.of());

    assertThat(crossings).hasValue(1);
  }

  @Test
  void steps_over_garbage_and_other_versions() {
    handler.handle(new StreamEntry(new EntryId(1, 0), Map.of("v", "3", "total", "1")));
    handler.handle(new StreamEntry(new EntryId(2, 0), Map.of("hello", "world")));
    handler.handle(new StreamEntry(new EntryId(3, 0), Map.of()));

    assertThat(metrics.countsSkipped.getCount()).isEqualTo(3);
    assertThat(metrics.countsHandled.getCount()).isZero();
    assertThat(handler.totalViewers()).isZero();
  }

  @Test
  void forgets_everything_and_says_so_when_redis_lost_its_data() {
    handle(9, 7, Map.of(MASTER.value(), "7"));
    handler.started();

    assertThat(losses).hasValue(1);
    assertThat(handler.viewers(MASTER)).isEmpty();

    handle(1, 3, Map.of(MASTER.value(), "3"));
    assertThat(handler.viewers(MASTER)).hasValue(3);
  }

  private void handle(long id, long total, Map<String, String> stages) {
    Map<String, String> fields = new HashMap<>(stages);
    fields.putAll(Map.of("v", "1", "at", id + "-0", "total", Long.toString(total)));
    handler.handle(new StreamEntry(new EntryId(id, 0), fields));
  }
}
