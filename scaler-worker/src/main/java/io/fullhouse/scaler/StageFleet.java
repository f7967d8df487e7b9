package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.util.Optional;

/** The stages as IVS has them. Safe to use from several threads; every call is bounded in time. */
interface StageFleet extends AutoCloseable {
  /** Asks IVS about one stage. Never throws: what can go wrong is an answer. */
  Lookup find(StageArn stage);

  @Override
  void close();

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
