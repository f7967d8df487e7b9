package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.Histories.Failing;
import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A drain that Redis refuses a command in the middle of, as a full disk or a lost role does. */
final class FailingDrain {
  private static final String CALL =
      "local call, match, find, sub = redis.call, string.match, string.find, string.sub";

  private static final int LAST = 8;

  private final Redis redis;
  private final Scripts scripts;

  FailingDrain(Redis redis, RedisKeys keys, Scripts scripts) {
    this.redis = redis;
    String source = scripts.drain().source();
    String failing =
        source.replace(
            CALL,
            """
            local fail_at = tonumber(redis.call('GET', prefix .. 'test:fail-at') or nil) or 1e9
            local commands, first, last = 0, math.abs(fail_at), fail_at < 0 and 1e9 or fail_at
            local function call(...)
              commands = commands + 1
              if commands >= first and commands <= last then error({ err = 'MISCONF injected' }) end
              return redis.call(...)
            end
            local match, find, sub = string.match, string.find, string.sub
            """);
    assertThat(failing).isNotEqualTo(source);
    this.scripts = new Scripts(LuaScript.ofSource(failing), scripts.sweep(), scripts.snapshot());
    RedisAnswer.await(store(keys).drain()); // from now on Redis knows the script
  }

  /**
   * Plays a history whose drain fails at every {@code step}-th command, and at each of the last
   * ones: there the fold's state is written, but not yet the position.
   *
   * @return the first finding; empty when each failure was mended
   */
  List<String> findings(Histories histories, long seed, int step) {
    int commands = 0;
    int command = 1 + (int) seed % step;
    boolean failed = true;
    while (failed) {
      int at = command;
      Failing failing = histories.startFailing(seed, keys -> send(keys, at, seed % 2 == 0));
      List<String> findings = failing.played().findings();
      if (!findings.isEmpty()) {
        return named(at, findings);
      }
      failed = failing.failed();
      commands = command;
      command += step;
    }
    for (int at = commands - 1; at > commands - step - LAST; at--) {
      int last = at;
      List<String> findings =
          histories.startFailing(seed, keys -> send(keys, last, false)).played().findings();
      if (!findings.isEmpty()) {
        return named(at, findings);
      }
    }
    return List.of();
  }

  private static List<String> named(int command, List<String> findings) {
    findings.add(0, "failed at command " + command);
    return findings;
  }

  private PresenceStore store(RedisKeys keys) {
    return new PresenceStore(redis, keys, Histories.TIMEOUT, scripts);
  }

  /**
   * Sends a drain whose n-th command fails.
   *
   * @param onwards whether all after it fail as well
   */
  CompletionStage<Drained> send(RedisKeys keys, int command, boolean onwards) {
    var set =
        redis.commands().set(keys.prefix() + "test:fail-at", (onwards ? -command : command) + "");
    return set.thenCombine(store(keys).drain(), (ok, drained) -> drained);
  }
}
