package io.fullhouse.gateway;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Redis beside the gateway: what a test prepares there, and looks up. */
final class RedisView implements AutoCloseable {
  static final Broadcast BROADCAST = new Broadcast(new BroadcastId("main"), "ivs:prod:");

  final RedisKeys keys = RedisKeys.of(BROADCAST);
  private final Redis redis;

  RedisView(String uri) {
    redis = Redis.create(RedisSettings.parse(uri, null, BROADCAST));
  }

  <T> T call(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
    try {
      return command.apply(redis.commands()).toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void empty() {
    call(c -> c.flushall());
  }

  /** As the scaler registers it. */
  void open(String stage) {
    call(c -> c.zadd(keys.stages(), 0, stage));
  }

  /** As the fold says it. */
  void live() {
    call(c -> c.set(keys.publisherStatus(), "live"));
  }

  /** So many on the master stage, as the fold says it: all in one step, and told. */
  void viewers(long many) {
    call(
        c ->
            c.eval(
                """
                local last = redis.call('XADD', KEYS[3], '*', 'v', '1')
                redis.call('MSET', KEYS[1], ARGV[1], KEYS[2], ARGV[1], KEYS[4], last)
                return last""",
                io.lettuce.core.ScriptOutputType.VALUE,
                new String[] {
                  keys.totalViewers(),
                  keys.viewers(new io.fullhouse.model.StageArn(RunningGateway.MASTER)),
                  keys.counts(),
                  keys.position()
                },
                "" + many));
  }

  /** As the scaler tells of a stage. Answers the id. */
  String notice(String type, String stage) {
    String notice =
        """
        {"type":"%s","schemaVersion":"1","stage":"%s","data":{"stageArn":"%s","name":"room",
         "capacity":50,"autoScaled":true,"reason":""}}"""
            .formatted(type, stage, stage);
    return call(c -> c.xadd(keys.notices(), Map.of("notice", notice, "taken", "0")));
  }

  double taken(String stage) {
    return call(c -> c.zscore(keys.stages(), stage));
  }

  /** How many of a gateway's ticks the log has. */
  long ticks() {
    return call(c -> c.xlen(keys.events())) - entries().size();
  }

  /** Entries of the log, but for the gateway's own ticks. */
  List<Map<String, String>> entries() {
    return call(c -> c.xrange(keys.events(), Range.unbounded())).stream()
        .map(StreamMessage::getBody)
        .filter(entry -> !"tick".equals(entry.get("t")))
        .toList();
  }

  /** Users for whom a seat is held. */
  List<String> reservedFor() {
    return call(c -> c.hkeys(keys.viewerReserved()));
  }

  List<String> everyKey() {
    return call(c -> c.keys("*")).stream().sorted().toList();
  }

  /** Calls of a command since {@link #forgetCalls}. */
  long calls(String command) {
    String info = call(c -> c.info("commandstats"));
    return info.lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("^[^:]+:calls=([0-9]+),.*", "$1")))
        .sum();
  }

  void forgetCalls() {
    call(c -> c.configResetstat());
  }

  @Override
  public void close() {
    redis.close();
  }
}
