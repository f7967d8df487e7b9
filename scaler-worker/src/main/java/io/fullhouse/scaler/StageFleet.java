package io.fullhouse.scaler;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The stages as IVS has them. Safe to use from several threads; every call is bounded in time, and
 * none throws: what can go wrong is an answer.
 */
interface StageFleet extends AutoCloseable {
  /** Asks IVS about one stage. */
  Lookup find(StageArn stage);

  /**
   * Asks for a new stage, once: IVS cannot tell a repeated call from a second wish. When the answer
   * is unclear the stage may exist; its tags then say whose it is.
   */
  IvsAnswer<Made> create(String name, Map<String, String> tags);

  /** Gives the stage another name. */
  IvsAnswer<Boolean> rename(StageArn stage, String name);

  /** Deletes a stage, and disconnects everybody who is on it. */
  IvsAnswer<Boolean> delete(StageArn stage);

  /** Every stage of the account and Region; unclear unless all pages came. */
  IvsAnswer<List<Listed>> list();

  /** The stages to which this participant is replicated now; unclear unless all pages came. */
  IvsAnswer<Set<StageArn>> replicas(StageArn source, ParticipantId participant);

  /** Has the participant appear on the destination too, also after it was gone for a while. */
  IvsAnswer<Boolean> replicate(StageArn source, ParticipantId participant, StageArn destination);

  /** Ends that. */
  IvsAnswer<Boolean> stopReplica(StageArn source, ParticipantId participant, StageArn destination);

  @Override
  void close();

  /** A stage that IVS made. */
  record Made(StageArn arn, Optional<Endpoints> endpoints) {}

  /** A stage in IVS's list. */
  record Listed(StageArn arn, String name, Map<String, String> tags) {}

  /** What IVS said. */
  sealed interface Lookup {
    /**
     * The stage exists.
     *
     * @param name may be empty
     */
    record Found(String name, Optional<Endpoints> endpoints) implements Lookup {}

    /** IVS has no such stage in this account and region. */
    record Missing(String reason) implements Lookup {}

    /** IVS did not answer, or refused; says nothing about the stage. */
    record Unavailable(String reason) implements Lookup {}
  }
}
