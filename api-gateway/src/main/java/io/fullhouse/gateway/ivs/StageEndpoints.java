package io.fullhouse.gateway.ivs;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where clients of a stage connect: what only IVS knows, and a token signed here must say. */
public interface StageEndpoints {
  /** Empty when nobody told yet, or too long ago to rely on it. */
  CompletionStage<Optional<Endpoints>> of(StageArn stage);

  /** Whether they are known of any stage that takes viewers. */
  CompletionStage<Boolean> anyKnown();
}
