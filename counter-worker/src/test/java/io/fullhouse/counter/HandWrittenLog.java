package io.fullhouse.counter;

import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Swept;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.Range;
import java.util.ArrayList;
import java.util.List;

/** A log written entry by entry at a settable time, and what folds and sweeps it. */
final class HandWrittenLog {
  static final StageArn STAGE = new StageArn(RandomLog.STAGES[0]);
  static final long START = 1_795_348_800_000L;

  private final PresenceStore store;
  private final LogWriter writer;
  private final Redis redis;
  private final RedisKeys keys;
  private long millis = START;
  private long sequence;

  HandWrittenLog(Redis redis, RedisKeys keys) {
    this(redis, keys, Scripts.load());
  }

  HandWrittenLog(Redis redis, RedisKeys keys, Scripts scripts) {
    this.redis = redis;
    this.keys = keys;
    this.writer = new LogWriter(redis, keys);
    this.store = new PresenceStore(redis, keys, Histories.TIMEOUT, scripts);
  }

  PresenceStore store() {
    return store;
  }

  /** Entries have this time from now on. */
  HandWrittenLog at(long seconds) {
    long then = START + seconds * 1_000;
    sequence = then == millis ? sequence : 0;
    millis = then;
    return this;
  }

  EntryId tick() {
    return append(LogWriter.bytes("t", "tick", "s", "", "u", "gw-1", "p", "", "v", "1"), false);
  }

  /** Ticks every 2 s up to that time. */
  void tickUntil(long seconds) {
    while (millis + 2_000 <= START + seconds * 1_000) {
      millis += 2_000;
      sequence = 0;
      tick();
    }
    at(seconds);
  }

  EntryId join(String user) {
    return join(user, STAGE.value());
  }

  EntryId join(String user, String stage) {
    return append(ofViewer("join", user, stage), true);
  }

  EntryId heartbeat(String user) {
    return append(ofViewer("heartbeat", user, STAGE.value()), false);
  }

  EntryId leave(String user) {
    return append(ofViewer("leave", user, STAGE.value()), false);
  }

  /** Many viewers at once. */
  void joinAll(String prefix, int count) {
    forAll("join", prefix, count);
  }

  void heartbeatAll(String prefix, int count) {
    forAll("heartbeat", prefix, count);
  }

  private void forAll(String type, String prefix, int count) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<byte[]> fields = ofViewer(type, prefix + i, STAGE.value());
      steps.add(new Step.Append(next(), fields, type.equals("join")));
      if (steps.size() == 200) {
        RedisAnswer.await(writer.append(steps));
        steps.clear();
      }
    }
    RedisAnswer.await(writer.append(steps));
  }

  private static List<byte[]> ofViewer(String type, String user, String stage) {
    return LogWriter.bytes(
        "t", type, "s", stage, "u", user, "p", "p" + user, "v", "1", "a", "a" + user);
  }

  /** Any entry; {@code seated} as a gateway's join. */
  EntryId append(List<byte[]> fields, boolean seated) {
    Step.Append entry = new Step.Append(next(), fields, seated);
    RedisAnswer.await(writer.append(List.of(entry)));
    return entry.id();
  }

  private EntryId next() {
    return new EntryId(millis, sequence++);
  }

  void reserve(String user, String stage, long untilSeconds) {
    RedisAnswer.await(
        writer.append(List.of(new Step.Reserve(user, stage, START + untilSeconds * 1_000))));
  }

  /** Folds all there is; answers the last drain that folded something. */
  Drained drain() {
    Drained drained = RedisAnswer.await(store.drain());
    while (drained.folded() == PresenceStore.BATCH) {
      drained = RedisAnswer.await(store.drain());
    }
    return drained;
  }

  /** Sweeps at the time of the entries. */
  Swept sweep() {
    Swept swept = RedisAnswer.await(store.sweep(Long.toString(millis)));
    sequence += swept.expired() + 1; // its entries have this millisecond, too
    return swept;
  }

  Witness witness() {
    return Witness.read(redis, keys, STAGE.value());
  }

  /** The entries of a type, oldest first. */
  List<String> entries(String type) {
    return RedisAnswer.await(redis.commands().xrange(keys.events(), Range.unbounded())).stream()
        .filter(entry -> type.equals(entry.getBody().get("t")))
        .map(entry -> String.valueOf(entry.getBody().get("u")))
        .toList();
  }
}
