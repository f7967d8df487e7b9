package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import java.util.function.Consumer;

/** Scripts that lack a rule, and the tests that must notice it. */
final class Mutants {
  private Mutants() {}

  static Scripts ofDrain(String text, String without) {
    Scripts whole = Scripts.load();
    return new Scripts(mutate(whole.drain(), text, without), whole.sweep(), whole.snapshot());
  }

  static Scripts ofSweep(String text, String without) {
    Scripts whole = Scripts.load();
    return new Scripts(whole.drain(), mutate(whole.sweep(), text, without), whole.snapshot());
  }

  private static LuaScript mutate(LuaScript whole, String text, String without) {
    assertThat(whole.source()).as("the rule is in the script").containsOnlyOnce(text);
    return LuaScript.ofSource(whole.source().replace(text, without));
  }

  /** Fails when the rule is missing. */
  interface Check {
    void run(Scripts scripts, Redis redis, RedisKeys keys);
  }

  static Check drain(Consumer<DrainTest> test) {
    return (scripts, redis, keys) -> test.accept(new DrainTest(redis, keys).with(scripts));
  }

  static Check history(Consumer<HistoryTest> test) {
    return (scripts, redis, keys) -> test.accept(new HistoryTest(redis, keys).with(scripts));
  }

  static Check show(Consumer<ExpiryTest> test) {
    return (scripts, redis, keys) -> test.accept(new ExpiryTest(redis, keys).with(scripts));
  }

  static Check sweep(Consumer<IdleViewerSweeperTest> test) {
    return (scripts, redis, keys) ->
        test.accept(new IdleViewerSweeperTest(redis, keys).with(scripts));
  }
}
