package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Random entries as gateways, sweeps and careless hands write them: joins, moves, late leaves, two
 * devices, ticks, outages, publishers, and what nobody can read. The same seed gives the same log.
 */
final class RandomLog {
  static final String[] STAGES = {stage("A"), stage("B"), stage("C")};
  private static final String[] USERS = {"u1", "u2", "ü-3", "{u4}|:", "五"};
  static final String[] STAGES_AND_USERS =
      Stream.concat(Arrays.stream(STAGES), Arrays.stream(USERS)).toArray(String[]::new);
  private static final String[] GATEWAYS = {"gw-1", "gw-2", "gw-3"};

  /** Among them what is almost UTF-8: cut off, overlong, a surrogate, beyond Unicode. */
  private static final String[] USERS_IN_HEX = {
    "f09f8ebb", "80", "61e282", "c080", "e08080", "eda080", "f0808080", "f4908080", "ff"
  };

  private final Random random;
  private final Random reasonRandom;
  private long millis;
  private long sequence;

  RandomLog(long seed) {
    this.random = new Random(seed);
    this.reasonRandom = new Random(seed);
    this.millis = random.nextBoolean() ? 1_795_348_800_000L : 1_000;
  }

  static String stage(String id) {
    return "arn:aws:ivs:us-east-1:123456789012:stage/" + id;
  }

  Random random() {
    return random;
  }

  /** The next steps: so many entries, and between them some reservations. */
  List<Step> next(int entries) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      if (random.nextInt(12) == 0) {
        steps.add(new Step.Reserve(any(USERS), any(STAGES), millis + 10_000));
      }
      steps.add(append());
    }
    return steps;
  }

  private Step.Append append() {
    if (random.nextInt(3) > 0) {
      millis += 1 + random.nextInt(random.nextInt(100) < 95 ? 2_500 : 200_000);
      sequence = 0;
    } else {
      sequence++;
    }
    List<byte[]> fields = entry();
    boolean isJoin =
        fields.size() >= 12 && new String(fields.get(1), StandardCharsets.US_ASCII).equals("join");
    return new Step.Append(new EntryId(millis, sequence), fields, isJoin && random.nextInt(3) > 0);
  }

  private List<byte[]> entry() {
    int kind = random.nextInt(100);
    if (kind < 25) {
      return withAdmission("join");
    } else if (kind < 50) {
      return withAdmission("heartbeat");
    } else if (kind < 65) {
      return withAdmission("leave");
    } else if (kind < 72) {
      return expire(Long.toString(millis - random.nextInt(5_000)));
    } else if (kind < 84) {
      return common("tick", "", any(GATEWAYS), "");
    } else if (kind < 86) {
      return common("bye", "", any(GATEWAYS), "");
    } else if (kind < 87) {
      return common("credit", "", "", "");
    } else if (kind < 89) {
      return moderation();
    } else if (kind < 93) {
      return publisher();
    }
    return garbage();
  }

  private List<byte[]> withAdmission(String type) {
    List<byte[]> fields = common(type, any(STAGES), any(USERS), participant());
    if (random.nextInt(10) > 0) {
      add(fields, "a", admission());
      addReason(fields);
    }
    return fields;
  }

  private List<byte[]> expire(String seen) {
    List<byte[]> fields = common("expire", any(STAGES), any(USERS), participant());
    add(fields, "a", admission());
    add(fields, "seen", seen);
    addReason(fields);
    return fields;
  }

  private void addReason(List<byte[]> fields) {
    String[] reasons = {"test", "ban", "kick", "correct", ""};
    String name = reasonRandom.nextInt(4) > 0 ? "why" : "rid";
    add(fields, name, reasons[reasonRandom.nextInt(reasons.length)]);
  }

  /** Whatever else it says, only the user counts. */
  private List<byte[]> moderation() {
    String type = random.nextInt(4) > 0 ? "ban" : "unban";
    List<byte[]> fields = common(type, any("", STAGES[0], "?"), any(USERS), any("", "p1", "p 1"));
    if (random.nextInt(8) == 0) {
      set(fields, 5, any("", "x".repeat(129), "control\u0001"));
    }
    if (random.nextBoolean()) {
      add(fields, "until", "soon");
    }
    return fields;
  }

  private List<byte[]> publisher() {
    boolean live = random.nextInt(3) > 0;
    List<byte[]> fields =
        live
            ? common("publisher", any(STAGES), any(USERS), "p" + random.nextInt(3))
            : common("publisher", "", "", random.nextBoolean() ? "" : "p" + random.nextInt(3));
    add(fields, "state", live ? "live" : "offline");
    add(fields, "evidence", any("token", "operator", "ivs", "ivs"));
    if (random.nextBoolean()) {
      long late = random.nextInt(20) * (random.nextInt(4) == 0 ? 3_600_000L : 1_000L);
      long at = Math.max(0, millis - late);
      add(fields, "at", any("" + at, "" + at, "" + at, "0", "", "soon", "1".repeat(16)));
    }
    return fields;
  }

  private List<byte[]> garbage() {
    List<byte[]> fields = withAdmission(any("join", "heartbeat", "leave", "expire"));
    switch (random.nextInt(15)) {
      case 0 -> set(fields, 0, "x");
      case 1 -> set(fields, 3, any("not-a-stage", STAGES[0] + "/x", STAGES[0] + "x".repeat(90)));
      case 2 -> set(fields, 5, any("control\u0001", "delete\u007f"));
      case 3 -> set(fields, 5, "x".repeat(129));
      case 4 -> set(fields, 7, any("bad participant", "p".repeat(65)));
      case 5 -> set(fields, 9, any("0", "3", "one", ""));
      case 6 -> set(fields, 1, "ban-or-whatever-comes-later");
      case 7 -> set(fields, 5, "");
      case 8, 9, 10 -> fields.set(5, HexFormat.of().parseHex(any(USERS_IN_HEX)));
      case 11 -> set(fields, Math.min(11, fields.size() - 1), any("a-b", "a".repeat(65)));
      case 12 -> {
        return expire(any("", "12x", "1".repeat(16)));
      }
      case 13 -> {
        return common(any("tick", "bye"), "", any("", "g".repeat(65), "gw 1"), "");
      }
      default -> {
        return spoiledPublisher();
      }
    }
    return fields;
  }

  private List<byte[]> spoiledPublisher() {
    List<byte[]> fields = publisher();
    int field = random.nextInt(6);
    set(fields, 2 * field + 3, any("", "?", "live"));
    return fields;
  }

  private String participant() {
    return random.nextInt(8) == 0 ? "" : "p" + random.nextInt(4);
  }

  private String admission() {
    return random.nextInt(12) == 0 ? "" : "a" + random.nextInt(4);
  }

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static List<byte[]> common(String type, String stage, String user, String participant) {
    return LogWriter.bytes("t", type, "s", stage, "u", user, "p", participant, "v", "1");
  }

  private static void add(List<byte[]> fields, String name, String value) {
    fields.addAll(LogWriter.bytes(name, value));
  }

  private static void set(List<byte[]> fields, int index, String value) {
    fields.set(index, value.getBytes(StandardCharsets.UTF_8));
  }
}
