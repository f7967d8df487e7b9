package io.fullhouse.redis;

import io.fullhouse.model.Broadcast;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What each broadcast uses of the quotas that AWS counts by account and Region, on Redis's clock.
 * Immutable and thread-safe.
 *
 * <p>A broadcast that says nothing for ten minutes is gone, and uses nothing. What cannot be read
 * costs itself alone. While Redis is away the stage fails as any command does.
 */
public final class AccountUsage {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String REDIS_CLOCK = "";
  private static final LuaScript USE = LuaScript.load(AccountUsage.class, "use_quotas.lua");

  private final String key;
  private final String self;

  /**
   * What is used.
   *
   * @param stages that exist
   * @param subscriptions viewers times publishers
   */
  public record Usage(int stages, long subscriptions) {}

  /** The usage of one broadcast, told apart from others of its name by its keys. */
  public AccountUsage(AccountKeys account, Broadcast self) {
    this.key = account.usage();
    this.self = self.id() + " " + self.keyPrefix();
  }

  /** Says what this broadcast uses, and answers what all others do, in one trip. */
  public CompletionStage<Usage> exchange(
      RedisClusterAsyncCommands<String, String> redis, Usage own) {
    return exchange(redis, REDIS_CLOCK, own);
  }

  /**
   * @param now epoch ms, for tests of time
   */
  CompletionStage<Usage> exchange(
      RedisClusterAsyncCommands<String, String> redis, String now, Usage own) {
    return USE.<List<Long>>run(
            redis,
            ScriptOutputType.MULTI,
            key,
            now,
            Long.toString(LIFE.toMillis()),
            self,
            Integer.toString(own.stages()),
            Long.toString(own.subscriptions()))
        .thenApply(
            reply -> new Usage((int) Math.min(Integer.MAX_VALUE, reply.get(0)), reply.get(1)));
  }
}
