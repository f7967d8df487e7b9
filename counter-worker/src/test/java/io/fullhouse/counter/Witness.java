package io.fullhouse.counter;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * What stands in Redis beside that which the audit compares, as it was in one instant.
 *
 * @param seats user to the stage of the presence
 * @param closed who left, by epoch ms
 * @param deadlines user by epoch ms
 * @param open stage by seats taken
 * @param closing likewise
 * @param deadLetters the ids of the entries they tell of
 * @param announced each field of {@code counts} as the newest entry that has it says
 * @param counts stage to its {@code viewers:} key
 * @param sizes stage to the size of its heartbeat hash
 * @param unwanted who is to be disconnected and since when, by the last word of its queue's name
 * @param histories user to past presences, newest first; without those who have none
 */
record Witness(
    Map<String, String> seats,
    Map<String, String> closed,
    Map<String, String> deadlines,
    Map<String, String> open,
    Map<String, String> closing,
    Map<String, String> joining,
    Map<String, String> reserved,
    List<String> deadLetters,
    Map<String, String> announced,
    Map<String, String> counts,
    Map<String, String> sizes,
    Map<String, Map<String, String>> unwanted,
    Map<String, List<String>> histories) {
  private static final LuaScript WITNESS = LuaScript.load(Witness.class, "witness.lua");

  /**
   * Asks for it; nothing is written.
   *
   * @param names stages, and users whose histories are wanted
   */
  static CompletionStage<Witness> ask(Redis redis, RedisKeys keys, String... names) {
    return WITNESS
        .<List<Object>>run(redis.commands(), ScriptOutputType.MULTI, keys, names)
        .thenApply(Witness::of);
  }

  static Witness read(Redis redis, RedisKeys keys, String... names) {
    return RedisAnswer.await(ask(redis, keys, names));
  }

  private static Witness of(List<Object> reply) {
    return new Witness(
        pairs(reply.get(0)),
        pairs(reply.get(1)),
        pairs(reply.get(2)),
        pairs(reply.get(3)),
        pairs(reply.get(4)),
        pairs(reply.get(5)),
        pairs(reply.get(6)),
        ((List<?>) reply.get(7)).stream().map(String::valueOf).toList(),
        pairs(reply.get(8)),
        pairs(reply.get(9)),
        pairs(reply.get(10)),
        Map.of(
            "banned", pairs(reply.get(11)),
            "superseded", pairs(reply.get(12)),
            "expired", pairs(reply.get(13))),
        histories((List<?>) reply.get(14)));
  }

  private static Map<String, List<String>> histories(List<?> flat) {
    Map<String, List<String>> histories = new TreeMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      List<?> records = (List<?>) flat.get(i + 1);
      histories.put(String.valueOf(flat.get(i)), records.stream().map(String::valueOf).toList());
    }
    return histories;
  }

  private static Map<String, String> pairs(Object reply) {
    List<?> flat = (List<?>) reply;
    Map<String, String> pairs = new TreeMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      pairs.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
    }
    return pairs;
  }

  /**
   * The seats taken by their definition: the users whose home or reservation is that stage, home
   * being the join in flight, else the presence.
   */
  long takenByDefinition(String stage) {
    Map<String, String> home = new TreeMap<>(seats);
    joining.forEach((user, value) -> home.put(user, value.split("\\|", -1)[1]));
    Map<String, String> held = new TreeMap<>();
    reserved.forEach((user, value) -> held.put(user, value.split("\\|", -1)[2]));
    long homes = home.values().stream().filter(stage::equals).count();
    long more =
        held.entrySet().stream()
            .filter(e -> e.getValue().equals(stage) && !stage.equals(home.get(e.getKey())))
            .count();
    return homes + more;
  }
}
