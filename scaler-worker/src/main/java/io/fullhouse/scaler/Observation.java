package io.fullhouse.scaler;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One instant of all that the scaler acts on.
 *
 * @param at by Redis's clock
 * @param load what the policy decides on
 * @param fleet the stages that this broadcast's scaler looks after, the master among them
 * @param intents stages asked of IVS whose answer is not written down yet: request id to when
 * @param publishers who publishes as far as the log tells
 * @param held whether an operator told the scaler to leave the fleet as it is
 * @param floor JSON of the seats wanted ahead of an audience; empty for none
 * @param ended whether an operator ended the broadcast, and nobody began it anew
 * @param pins stages that an operator wants to be fed from a source of its choice
 * @param replicationNews changes whenever IVS told of a replication; what it told does not matter
 */
record Observation(
    Instant at,
    StageLoad load,
    Map<StageArn, StageMetadata> fleet,
    Map<String, Instant> intents,
    List<Publishing> publishers,
    boolean held,
    String floor,
    boolean ended,
    Map<StageArn, Pin> pins,
    String replicationNews) {

  /**
   * Somebody who publishes.
   *
   * @param source the stage that the participant itself is on
   * @param seen whether IVS said that it publishes; else only a token was given
   */
  record Publishing(ParticipantId participant, StageArn source, boolean seen) {}

  Observation {
    fleet = Map.copyOf(fleet);
    intents = Map.copyOf(intents);
    publishers = List.copyOf(publishers);
    pins = Map.copyOf(pins);
  }

  /** The source that an operator wants the stage to be fed from. */
  Optional<StageArn> pinnedTo(StageArn stage) {
    return Optional.ofNullable(pins.get(stage)).map(Pin::source);
  }

  Optional<StageLoad.Stage> registered(StageArn stage) {
    return load.stages().stream().filter(known -> known.arn().equals(stage)).findFirst();
  }
}
