package io.fullhouse.simulator;

import java.util.Arrays;
import java.util.Optional;

/** A number that AWS sets and steering may change; 0 switches it off. */
enum Limit {
  /** AWS service quotas, IVS Real-Time: stages per Region. */
  MAX_STAGES("maxStages", 1_000),
  /** AWS service quotas, IVS Real-Time: public keys per Region. */
  MAX_PUBLIC_KEYS("maxPublicKeys", 3),
  /** How long the answer to CreateStage takes; the stage is there before it. */
  CREATE_STAGE_MILLIS("createStageMillis", 0);

  private final String wireName;
  private final int initial;

  Limit(String wireName, int initial) {
    this.wireName = wireName;
    this.initial = initial;
  }

  String wireName() {
    return wireName;
  }

  int initial() {
    return initial;
  }

  static Optional<Limit> named(String wireName) {
    return Arrays.stream(values()).filter(limit -> limit.wireName.equals(wireName)).findFirst();
  }
}
