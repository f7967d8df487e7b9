package io.fullhouse.deploy;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * The raw keys of one instant, and what the design says must be true of them. Counts everything
 * again in Java: it shares no line with the scripts.
 */
record SeatState(
    Map<String, String> present,
    Map<String, String> joining,
    Map<String, String> reserved,
    Map<String, Long> open,
    Map<String, Long> closing,
    Map<String, Map<String, String>> heartbeats,
    Map<String, Long> viewers,
    long total) {

  private static final LuaScript RAW =
      LuaScript.ofSource(
          """
          local p, out = KEYS[1], {}
          for i, key in ipairs({ 'viewer:seat', 'viewer:joining', 'viewer:reserved' }) do
            out[i] = redis.call('HGETALL', p .. key)
          end
          out[4] = redis.call('ZRANGE', p .. 'stages', 0, -1, 'WITHSCORES')
          out[5] = redis.call('ZRANGE', p .. 'stages:closing', 0, -1, 'WITHSCORES')
          out[6] = redis.call('GET', p .. 'total_viewers') or '0'
          for _, stage in ipairs(ARGV) do
            out[#out + 1] = redis.call('HGETALL', p .. 'viewer:heartbeat:' .. stage)
            out[#out + 1] = redis.call('GET', p .. 'viewers:' .. stage) or '0'
          end
          return out
          """);

  static CompletionStage<SeatState> read(Redis redis, RedisKeys keys, String... stages) {
    return RAW.<List<Object>>run(redis.commands(), ScriptOutputType.MULTI, keys, stages)
        .thenApply(raw -> parse(raw, stages));
  }

  private static SeatState parse(List<Object> raw, String... stages) {
    Map<String, Map<String, String>> heartbeats = new TreeMap<>();
    Map<String, Long> viewers = new TreeMap<>();
    for (int i = 0; i < stages.length; i++) {
      heartbeats.put(stages[i], pairs(raw.get(6 + 2 * i)));
      viewers.put(stages[i], Long.valueOf((String) raw.get(7 + 2 * i)));
    }
    return new SeatState(
        pairs(raw.get(0)),
        pairs(raw.get(1)),
        pairs(raw.get(2)),
        scores(raw.get(3)),
        scores(raw.get(4)),
        heartbeats,
        viewers,
        Long.parseLong((String) raw.get(5)));
  }

  /** The stage of a user's home: the newest join not yet folded, else the presence. */
  String home(String user) {
    String join = joining.get(user);
    return join != null ? join.split("\\|", -1)[1] : present.getOrDefault(user, "");
  }

  /** The admission of a user's home; empty when it has none. */
  String admission(String user) {
    String join = joining.get(user);
    if (join != null) {
      return join.split("\\|", -1)[3];
    }
    return presentAdmission(user, home(user));
  }

  /** Those of a user's presence and of its newest join, if it has them. */
  Set<String> admissions(String user) {
    Set<String> admissions = new HashSet<>();
    admissions.add(admission(user));
    admissions.add(presentAdmission(user, present.getOrDefault(user, "")));
    admissions.remove("");
    return admissions;
  }

  private String presentAdmission(String user, String stage) {
    String value = heartbeats.getOrDefault(stage, Map.of()).getOrDefault(user, "");
    return value.replaceAll(".*\"admission\":\"(\\w*)\"}|.*", "$1");
  }

  /** The stages where a user holds a seat. */
  Set<String> held(String user) {
    Set<String> held = new HashSet<>();
    held.add(home(user));
    String reservation = reserved.get(user);
    if (reservation != null) {
      held.add(reservation.split("\\|", -1)[2]);
    }
    held.remove("");
    return held;
  }

  long taken(String stage) {
    return open.getOrDefault(stage, closing.getOrDefault(stage, 0L));
  }

  /** What is wrong; empty when every invariant of seats and counts holds. */
  List<String> violations() {
    List<String> wrong = new ArrayList<>();
    Map<String, Long> defined = new HashMap<>();
    Set<String> users = new HashSet<>(present.keySet());
    users.addAll(joining.keySet());
    users.addAll(reserved.keySet());
    users.forEach(user -> held(user).forEach(stage -> defined.merge(stage, 1L, Long::sum)));
    for (Map<String, Long> registry : List.of(open, closing)) {
      registry.forEach(
          (stage, score) -> {
            long expected = defined.getOrDefault(stage, 0L);
            if (score != expected) {
              wrong.add(stage + " has " + score + " seats taken, by definition " + expected);
            }
          });
    }
    long sum = viewers.values().stream().mapToLong(Long::longValue).sum();
    if (total != sum || total != present.size()) {
      wrong.add("total " + total + ", sum " + sum + ", seats " + present.size());
    }
    Set<String> seen = new HashSet<>();
    heartbeats.forEach(
        (stage, users2) -> {
          if (users2.size() != viewers.getOrDefault(stage, 0L)) {
            wrong.add("viewers of " + stage + " and its heartbeats differ");
          }
          for (String user : users2.keySet()) {
            if (!seen.add(user)) {
              wrong.add(user + " is present twice");
            }
            if (!stage.equals(present.get(user))) {
              wrong.add(user + " has no seat where it is present");
            }
          }
        });
    return wrong;
  }

  private static List<String> strings(Object reply) {
    return ((List<?>) reply).stream().map(String.class::cast).toList();
  }

  private static Map<String, String> pairs(Object reply) {
    List<String> flat = strings(reply);
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      pairs.put(flat.get(i), flat.get(i + 1));
    }
    return pairs;
  }

  private static Map<String, Long> scores(Object reply) {
    Map<String, Long> scores = new HashMap<>();
    pairs(reply)
        .forEach((stage, score) -> scores.put(stage, Math.round(Double.parseDouble(score))));
    return scores;
  }
}
