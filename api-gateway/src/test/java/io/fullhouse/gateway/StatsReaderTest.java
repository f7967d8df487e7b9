package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However many ask: five reads a second, none older than a quarter of one. */
final class StatsReaderTest {
  private static final StageArn UNKNOWN =
      new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/nobody");

  private final RedisProcess server = RedisProcess.start(RedisOptions.defaults());
  private final RedisView view = new RedisView(server.uri());
  private final GatewayRedis redis =
      new GatewayRedis(
          Redis.create(RedisSettings.parse(server.uri(), null, RedisView.BROADCAST)),
          RedisKeys.of(RedisView.BROADCAST));
  private final PriorityBlockingQueue<Task> tasks =
      new PriorityBlockingQueue<>(11, Comparator.comparingLong(Task::due));
  private final AtomicLong now = new AtomicLong(TimeUnit.HOURS.toNanos(1));
  private final StatsReader reader =
      new StatsReader(
          redis, now::get, (pause, task) -> tasks.add(new Task(now.get() + pause.toNanos(), task)));

  private record Task(long due, Runnable what) {}

  @BeforeEach
  void connect() {
    redis.start();
    await()
        .until(
            () ->
                redis.call(c -> c.ping()).toCompletableFuture().handle((v, e) -> e == null).join());
    view.open(RunningGateway.MASTER);
    get(reader.recent()); // Redis knows the script
    pass(Duration.ofSeconds(1));
    view.forgetCalls();
  }

  @AfterEach
  void close() {
    redis.stop();
    view.close();
    server.close();
  }

  private void pass(Duration time) {
    long until = now.addAndGet(time.toNanos());
    for (Task next = tasks.peek(); next != null && next.due() <= until; next = tasks.peek()) {
      tasks.remove(next);
      next.what().run();
    }
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private long reads() {
    return view.calls("evalsha");
  }

  @Test
  void a_thousand_requests_a_second_are_four_reads_and_none_shows_what_is_older_than_250_ms() {
    for (int milli = 0; milli < 1_000; milli++) {
      pass(Duration.ofMillis(1));
      if (milli % 100 == 0) {
        view.viewers(milli);
      }
      long shown = get(reader.recent()).totalViewers();
      long before = Math.max(0, milli - 250);
      assertThat(shown).isBetween(before - before % 100, (long) milli);
    }
    assertThat(reads()).isEqualTo(4);
  }

  @Test
  void requests_that_name_unknown_stages_share_the_next_read() {
    KnownStages stages = new KnownStages(reader);
    List<CompletableFuture<?>> refused = new ArrayList<>();
    long start = now.get();
    for (int milli = 0; milli < 1_000; milli++) {
      refused.add(stages.require(UNKNOWN).toCompletableFuture());
      pass(Duration.ofMillis(1));
    }
    await()
        .until(
            () -> {
              pass(Duration.ofMillis(10));
              return refused.stream().allMatch(CompletableFuture::isDone);
            });

    assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
    long apart = (now.get() - start) / StatsReader.APART.toNanos();
    assertThat(reads()).isBetween(2L, apart + 1);
  }

  @Test
  void a_stage_that_came_this_moment_is_known() {
    get(reader.recent());
    view.open(UNKNOWN.value());
    CompletionStage<StatsSnapshot> found = new KnownStages(reader).require(UNKNOWN);
    pass(StatsReader.APART);

    assertThat(get(found).stage(UNKNOWN)).isPresent();
  }

  @Test
  void a_read_that_failed_is_not_shared_and_not_repeated_at_once() {
    redis.stop(); // whatever is asked now fails
    CompletionStage<StatsSnapshot> failed = reader.fresh();
    assertThat(failed.toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
    for (int i = 0; i < 100; i++) {
      reader.recent();
    }
    assertThat(tasks).hasSize(1);
  }
}
