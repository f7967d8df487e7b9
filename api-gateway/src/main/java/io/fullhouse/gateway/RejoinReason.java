package io.fullhouse.gateway;

import java.util.Arrays;
import java.util.Locale;

/** Why a viewer comes back. */
enum RejoinReason {
  /** IVS refused the stage: it is full. */
  STAGE_AT_CAPACITY,
  /** IVS refused the stage: it is gone. */
  STAGE_DELETED,
  /** IVS refused the token. */
  TOKEN_EXPIRED,
  /** The page or app was asleep. */
  BACKGROUND,
  USER;

  /** A reason that this version does not know asks for nothing special. */
  static RejoinReason ofWireName(String text) {
    return Arrays.stream(values())
        .filter(reason -> reason.wireName().equals(text))
        .findFirst()
        .orElse(USER);
  }

  private String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Placing the viewer there again would be refused again. */
  boolean leavesStage() {
    return this == STAGE_AT_CAPACITY || this == STAGE_DELETED;
  }
}
