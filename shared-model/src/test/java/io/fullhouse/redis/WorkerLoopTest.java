package io.fullhouse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WorkerLoopTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final Wakeup wakeup = new Wakeup();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger rounds = new AtomicInteger();
  private WorkerLoop loop =
      new WorkerLoop("test", wakeup, FOR_EVER, failures::incrementAndGet, () -> FOR_EVER);

  private void start(WorkerLoop.Step step) {
    loop =
        new WorkerLoop(
            "test",
            wakeup,
            FOR_EVER,
            failures::incrementAndGet,
            () -> {
              rounds.incrementAndGet();
              return step.run();
            });
    loop.start();
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void a_call_ends_the_pause() {
    start(
        () -> {
          wakeup.take();
          return FOR_EVER;
        });
    await().untilAtomic(rounds, count -> assertThat(count).isEqualTo(1));

    wakeup.call();

    await().untilAtomic(rounds, count -> assertThat(count).isEqualTo(2));
  }

  @Test
  void a_step_that_fails_is_tried_again_and_says_why_meanwhile() {
    start(
        () -> {
          if (rounds.get() < 2) {
            throw new RedisException("not connected");
          }
          return FOR_EVER;
        });

    await().until(() -> loop.trouble().equals(Optional.of("test: not connected")));
    await().until(() -> loop.trouble().isEmpty());
    assertThat(rounds.get()).isEqualTo(2);
    assertThat(failures).hasValue(1);
  }

  @Test
  void a_loop_that_died_says_why() {
    start(
        () -> {
          throw new StackOverflowError("too deep");
        });

    await()
        .untilAsserted(
            () -> assertThat(loop.trouble().orElseThrow()).contains("died").contains("too deep"));
  }

  @Test
  void a_loop_that_was_not_started_or_was_stopped_is_not_running() {
    assertThat(loop.trouble()).contains("test is not running");
    start(() -> FOR_EVER);
    await().until(() -> loop.trouble().isEmpty());

    loop.close();

    assertThat(loop.trouble()).contains("test is not running");
  }

  @Test
  void stops_in_the_middle_of_a_step_that_waits() {
    CountDownLatch never = new CountDownLatch(1);
    start(
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException(e);
          }
          return FOR_EVER;
        });
    await().untilAtomic(rounds, count -> assertThat(count).isEqualTo(1));

    loop.close();

    assertThat(loop.trouble()).contains("test is not running");
  }
}
