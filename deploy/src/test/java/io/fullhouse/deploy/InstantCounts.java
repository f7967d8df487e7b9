package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.List;

/**
 * All numbers of a broadcast at one instant, each counted for itself by a script that shares
 * nothing with the system's own.
 *
 * @param total {@code total_viewers}
 * @param seated users in {@code viewer:seat}
 * @param reserved seats held for a token
 */
record InstantCounts(long total, long seated, long reserved, List<OfStage> stages) {
  /**
   * The numbers of one stage.
   *
   * @param viewers {@code viewers:<stage>}
   * @param heartbeats size of the heartbeat hash
   * @param taken its score in the registry; -1 when it is not registered
   * @param held how many users hold a seat there, by the definition: by a join that is not folded,
   *     else a presence; or by a reservation
   */
  record OfStage(String stage, long viewers, long heartbeats, long taken, long held) {}

  private static final int MOST_ASKED = 5;

  private static final int HEAD = 3;
  private static final int PER_STAGE = 5;

  private static final LuaScript SCRIPT =
      LuaScript.ofSource(
          """
          #!lua flags=no-writes
          local p = KEYS[1]
          local function hash(name)
            local flat, out, size = redis.call('HGETALL', p .. name), {}, 0
            for i = 1, #flat, 2 do out[flat[i]] = flat[i + 1] end
            return out, #flat / 2
          end
          local seat, seated = hash('viewer:seat')
          local joining, reserved, reservations = hash('viewer:joining'), hash('viewer:reserved')
          local held, users = {}, {}
          for _, from in ipairs({ seat, joining, reserved }) do
            for u in pairs(from) do users[u] = true end
          end
          for u in pairs(users) do
            local home = joining[u] and string.match(joining[u], '^[^|]*|([^|]*)|') or seat[u]
            local kept = reserved[u] and string.match(reserved[u], '^[^|]*|[^|]*|(.*)$')
            if home then held[home] = (held[home] or 0) + 1 end
            if kept and kept ~= home then held[kept] = (held[kept] or 0) + 1 end
          end
          local names = {}
          for _, s in ipairs(redis.call('SMEMBERS', p .. 'viewer:stages')) do names[s] = true end
          for _, registry in ipairs({ 'stages', 'stages:closing' }) do
            for _, s in ipairs(redis.call('ZRANGE', p .. registry, 0, -1)) do names[s] = true end
          end
          local out = { tonumber(redis.call('GET', p .. 'total_viewers') or '0'), seated, reservations or 0 }
          for s in pairs(names) do
            out[#out + 1] = s
            out[#out + 1] = tonumber(redis.call('GET', p .. 'viewers:' .. s) or '0')
            out[#out + 1] = redis.call('HLEN', p .. 'viewer:heartbeat:' .. s)
            local taken = redis.call('ZSCORE', p .. 'stages', s) or redis.call('ZSCORE', p .. 'stages:closing', s)
            out[#out + 1] = tonumber(taken or '-1')
            out[#out + 1] = held[s] or 0
          end
          return out
          """);

  InstantCounts {
    stages = List.copyOf(stages);
  }

  /**
   * Asks again when Redis does not answer in time: one that forces its log to a disk that others
   * write to may be silent for seconds, and how long is not this class's question.
   *
   * @throws RedisException when Redis is away
   */
  static InstantCounts read(Redis redis, RedisKeys keys) {
    for (int asked = 1; ; asked++) {
      try {
        return readOnce(redis, keys);
      } catch (RedisCommandTimeoutException e) {
        if (asked == MOST_ASKED) {
          throw e;
        }
      }
    }
  }

  private static InstantCounts readOnce(Redis redis, RedisKeys keys) {
    List<Object> reply =
        RedisAnswer.await(SCRIPT.<List<Object>>run(redis.commands(), ScriptOutputType.MULTI, keys));
    List<OfStage> stages = new ArrayList<>();
    for (int i = HEAD; i < reply.size(); i += PER_STAGE) {
      stages.add(
          new OfStage(
              (String) reply.get(i),
              (Long) reply.get(i + 1),
              (Long) reply.get(i + 2),
              (Long) reply.get(i + 3),
              (Long) reply.get(i + 4)));
    }
    return new InstantCounts((Long) reply.get(0), (Long) reply.get(1), (Long) reply.get(2), stages);
  }

  /**
   * A look for a {@link Sampler}: the invariants hold now. Sees nothing while Redis is away, as it
   * may be when a test takes it away.
   */
  static boolean areExact(Redis redis, RedisKeys keys) {
    InstantCounts counts;
    try {
      counts = readOnce(redis, keys);
    } catch (RedisException e) {
      return false;
    }
    counts.assertExact();
    return true;
  }

  /** The invariants that hold at every instant, whatever is under way. */
  void assertExact() {
    assertThat(stages)
        .as("each stage's count is the size of its heartbeat hash, its seats taken those held")
        .allMatch(s -> s.viewers() == s.heartbeats())
        .allMatch(s -> s.taken() == -1 || s.taken() == s.held());
    assertThat(stages.stream().mapToLong(OfStage::viewers).sum())
        .as("the sum over the stages of %s", this)
        .isEqualTo(total);
    assertThat(seated).as("users seated of %s", this).isEqualTo(total);
  }
}
