package io.fullhouse.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why the scaler does not carry out what an operator wants. Its name travels to the gateway, which
 * says it in the operator's language; its text goes with it, for a gateway that does not know it.
 */
public enum CommandRefusal {
  TOO_LATE("Nobody carried it out in time, and nobody will"),
  UNKNOWN_COMMAND("The scaler knows no such command"),
  NO_SUCH_STAGE("No such stage"),
  MASTER_STAGE("The master stage is neither changed nor deleted"),
  AT_MAX_STAGES("No further stage is allowed: MAX_STAGES is reached"),
  AT_REPLICA_LIMIT(
      "No further stage is allowed: a publisher can be on no further stage (REPLICA_LIMIT); more"
          + " sources raise it: publisher-all?sources=true"),
  AT_SUBSCRIPTION_QUOTA(
      "No further stage is allowed: once full, it would exceed SUBSCRIPTION_BUDGET"),
  AT_STAGE_QUOTA(
      "No further stage is allowed: the account has none in the Region (IVS_STAGES_PER_REGION)"),
  STAGE_REFUSED_BY_IVS("IVS makes no stage: {0}"),
  STAGE_NOT_MADE("IVS made no stage"),
  STAGE_HAS_VIEWERS("The stage has viewers: delete it with drain=true"),
  RENAME_REFUSED_BY_IVS("IVS does not rename it: {0}"),
  NOT_PUBLISHING_THERE("The participant is not known to publish to the source stage"),
  FED_FROM_ITSELF("A stage is not fed from itself"),
  STAGE_GOES("The stage drains, or is being deleted"),
  HAS_OWN_PUBLISHER("The stage has a publisher of its own"),
  SOURCE_IS_FULL("The source feeds as many stages as one publisher can be on"),
  NO_SUCH_REPLICATION("There is no such replication"),
  NOT_REPLICATED_YET("IVS does not replicate it, and the scaler tries on: {0}");

  private static final String PLACE = "{0}";

  private final String text;

  CommandRefusal(String text) {
    this.text = text;
  }

  /** In English; {@code {0}} is the place of IVS's own words, where there are any. */
  public String text() {
    return text;
  }

  /**
   * In English.
   *
   * @param about IVS's own words, or empty
   */
  public String text(String about) {
    return text.replace(PLACE, about);
  }

  /** Empty for one that only a later version knows. */
  public static Optional<CommandRefusal> ofName(String name) {
    return Arrays.stream(values()).filter(refusal -> refusal.name().equals(name)).findFirst();
  }
}
