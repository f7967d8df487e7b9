package io.fullhouse.counter;

import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.counter.Step.Append;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Plays random histories against a drain and says what is otherwise than the model has it.
 *
 * <p>A whole history is sent without waiting for an answer, each under a prefix of its own: the
 * comparison comes afterwards.
 */
final class Histories {
  static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Redis redis;
  private final String prefix;
  private final Scripts scripts;
  private int started;

  Histories(Redis redis, RedisKeys keys, Scripts scripts) {
    this.redis = redis;
    this.prefix = keys.prefix();
    this.scripts = scripts;
    // From now on Redis knows the scripts: what is sent together is also run in that order.
    PresenceStore store = new PresenceStore(redis, keys, TIMEOUT, scripts);
    RedisAnswer.await(store.drain());
    RedisAnswer.await(store.snapshot(0));
    RedisAnswer.await(new LogWriter(redis, keys).append(List.of()));
    Witness.read(redis, keys);
  }

  /** Some entries, their drain, and how Redis was afterwards. */
  private record Batch(
      List<Step> steps,
      CompletionStage<Long> appended,
      CompletionStage<Drained> drained,
      CompletionStage<List<Object>> live,
      CompletionStage<Witness> witness) {}

  /** A history under way. */
  record Played(long seed, CompletionStage<?> registered, List<Batch> batches, boolean torn) {
    /** What was otherwise than it must be, with the seed; empty when nothing was. */
    List<String> findings() {
      RedisAnswer.awaitNullable(registered);
      Expectation expectation = new Expectation(TIMEOUT);
      for (Batch batch : batches) {
        List<String> findings = findings(expectation, batch);
        if (!findings.isEmpty()) {
          findings.add(0, "seed " + seed);
          return findings;
        }
      }
      return List.of();
    }

    private List<String> findings(Expectation expectation, Batch batch) {
      List<Append> entries = new ArrayList<>();
      for (Step step : batch.steps()) {
        if (step instanceof Append entry) {
          entries.add(entry);
        }
      }
      long appended = RedisAnswer.await(batch.appended());
      Drained drained = RedisAnswer.await(batch.drained());
      List<String> findings = new ArrayList<>();
      if (drained.status() != Status.OK || (!torn && drained.folded() != appended)) {
        findings.add(appended + " entries: " + drained);
      }
      entries.forEach(expectation::fold);
      LiveState live = LiveState.of(RedisAnswer.await(batch.live()));
      findings.addAll(expectation.findings(live, RedisAnswer.await(batch.witness()), torn));
      return findings;
    }
  }

  /** Sends a history of a few batches. */
  Played start(long seed) {
    Show show = new Show();
    RandomLog log = new RandomLog(seed);
    int batches = 2 + log.random().nextInt(6);
    List<Batch> sent = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      sent.add(show.appendAndDrain(log.next(1 + log.random().nextInt(12))));
    }
    return new Played(seed, show.registered, sent, false);
  }

  /** A history with a drain that failed on the way, and whether it did. */
  record Failing(Played played, boolean failed) {}

  /**
   * Sends a history of which one drain fails on the way; the next one has to mend it.
   *
   * @param failingDrain sends that drain
   */
  Failing startFailing(long seed, Function<RedisKeys, CompletionStage<Drained>> failingDrain) {
    Show show = new Show();
    RandomLog log = new RandomLog(seed);
    Batch healthy = show.appendAndDrain(log.next(20));
    List<Step> steps = log.next(25);
    CompletionStage<Long> appended = show.writer.append(steps);
    CompletionStage<Drained> failing = failingDrain.apply(show.keys);
    List<Step> behind = log.next(1);
    steps.addAll(behind);
    Batch mending = show.drain(steps, appended.thenCombine(show.writer.append(behind), Long::sum));
    Played played = new Played(seed, show.registered, List.of(healthy, mending), true);
    try {
      return new Failing(played, RedisAnswer.await(failing).status() == Status.STOPPED);
    } catch (RedisException e) {
      return new Failing(played, true);
    }
  }

  /**
   * One log with the keys folded from it: an open stage and a closing one; the third is neither.
   */
  private final class Show {
    private final RedisKeys keys =
        RedisKeys.of(new Broadcast(new BroadcastId("main"), prefix + started++ + ":"));
    private final LogWriter writer = new LogWriter(redis, keys);
    private final PresenceStore store = new PresenceStore(redis, keys, TIMEOUT, scripts);
    private final CompletionStage<?> registered =
        redis
            .commands()
            .zadd(keys.stages(), 0, RandomLog.STAGES[0])
            .thenCombine(
                redis.commands().zadd(keys.stagesClosing(), 0, RandomLog.STAGES[1]), Long::sum);

    private Batch appendAndDrain(List<Step> steps) {
      return drain(steps, writer.append(steps));
    }

    private Batch drain(List<Step> steps, CompletionStage<Long> appended) {
      return new Batch(
          steps,
          appended,
          store.drain(),
          store.snapshot(LiveState.AT_ONCE),
          Witness.ask(redis, keys, RandomLog.STAGES_AND_USERS));
    }
  }
}
