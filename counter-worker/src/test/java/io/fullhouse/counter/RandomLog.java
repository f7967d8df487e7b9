package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.XAddArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * Writes random entries as gateways, sweeps and careless hands might: joins, moves, late leaves,
 * two devices, ticks, outages, publishers, and what nobody can read. The same seed gives the same
 * log.
 */
final class RandomLog {
  static final String[] STAGES = {stage("A"), stage("B"), stage("C")};
  private static final String[] USERS = {"u1", "u2", "ü-3", "{u4}|:", "五"};
  private static final String[] GATEWAYS = {"gw-1", "gw-2", "gw-3"};

  private final Random random;
  private final Redis redis;
  private final RedisKeys keys;
  private long millis;
  private long sequence;

  RandomLog(long seed, Redis redis, RedisKeys keys) {
    this.random = new Random(seed);
    this.redis = redis;
    this.keys = keys;
    this.millis = random.nextBoolean() ? 1_795_348_800_000L : 1_000;
  }

  static String stage(String id) {
    return "arn:aws:ivs:us-east-1:123456789012:stage/" + id;
  }

  Random random() {
    return random;
  }

  /** Appends entries, none at a time before the one before it. */
  void append(int entries) {
    List<CompletionStage<String>> replies = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      replies.add(append());
    }
    replies.forEach(RedisAnswer::await);
  }

  private CompletionStage<String> append() {
    if (random.nextInt(3) > 0) {
      millis += 1 + random.nextInt(random.nextInt(100) < 95 ? 2_500 : 200_000);
      sequence = 0;
    } else {
      sequence++;
    }
    EntryId id = new EntryId(millis, sequence);
    String[] fields = entry().toArray(String[]::new);
    return redis
        .commands()
        .xadd(keys.events(), new XAddArgs().id(id.toString()), (Object[]) fields);
  }

  private List<String> entry() {
    int kind = random.nextInt(100);
    if (kind < 25) {
      return withAdmission("join");
    } else if (kind < 50) {
      return withAdmission("heartbeat");
    } else if (kind < 65) {
      return withAdmission("leave");
    } else if (kind < 72) {
      List<String> fields = common("expire", any(STAGES), any(USERS), participant());
      add(fields, "a", admission());
      add(fields, "seen", Long.toString(millis - random.nextInt(5_000)));
      return fields;
    } else if (kind < 84) {
      return common("tick", "", any(GATEWAYS), "");
    } else if (kind < 86) {
      return common("bye", "", any(GATEWAYS), "");
    } else if (kind < 87) {
      return common("credit", "", "", "");
    } else if (kind < 93) {
      return publisher();
    }
    return garbage();
  }

  private List<String> withAdmission(String type) {
    List<String> fields = common(type, any(STAGES), any(USERS), participant());
    if (random.nextInt(10) > 0) {
      add(fields, "a", admission());
      add(fields, "why", "test");
    }
    return fields;
  }

  private List<String> publisher() {
    boolean live = random.nextInt(3) > 0;
    List<String> fields =
        live
            ? common("publisher", any(STAGES), any(USERS), "p" + random.nextInt(3))
            : common("publisher", "", "", random.nextBoolean() ? "" : "p" + random.nextInt(3));
    add(fields, "state", live ? "live" : "offline");
    add(fields, "evidence", any(new String[] {"token", "operator", "ivs"}));
    return fields;
  }

  private List<String> garbage() {
    List<String> fields = withAdmission(any(new String[] {"join", "heartbeat", "leave", "expire"}));
    switch (random.nextInt(9)) {
      case 0 -> fields.set(0, "x");
      case 1 -> fields.set(3, "not-a-stage");
      case 2 -> fields.set(5, "control\u0001");
      case 3 -> fields.set(5, "x".repeat(129));
      case 4 -> fields.set(7, "bad participant");
      case 5 -> fields.set(9, any(new String[] {"0", "3", "one", ""}));
      case 6 -> fields.set(1, "ban-or-whatever-comes-later");
      case 7 -> fields.set(5, "");
      default -> {
        return new ArrayList<>(List.of("some", "field"));
      }
    }
    return fields;
  }

  private String participant() {
    return random.nextInt(8) == 0 ? "" : "p" + random.nextInt(4);
  }

  private String admission() {
    return random.nextInt(12) == 0 ? "" : "a" + random.nextInt(4);
  }

  private String any(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static List<String> common(String type, String stage, String user, String participant) {
    List<String> fields = new ArrayList<>();
    add(fields, "t", type);
    add(fields, "s", stage);
    add(fields, "u", user);
    add(fields, "p", participant);
    add(fields, "v", "1");
    return fields;
  }

  private static void add(List<String> fields, String name, String value) {
    fields.add(name);
    fields.add(value);
  }
}
