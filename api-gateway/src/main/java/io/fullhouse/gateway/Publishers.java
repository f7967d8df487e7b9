package io.fullhouse.gateway;

import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publisher goes live with its token, and offline at an operator's word. Thread-safe. Both
 * answer once the fold knows, so that the viewer token right after it works.
 */
final class Publishers {
  private static final Logger logger = LoggerFactory.getLogger(Publishers.class);

  private final ParticipantTokens tokens;
  private final EventLog log;
  private final StageArn master;
  private final Duration tokenLife;

  Publishers(ParticipantTokens tokens, EventLog log, StageArn master, Duration tokenLife) {
    this.tokens = tokens;
    this.log = log;
    this.master = master;
    this.tokenLife = tokenLife;
  }

  StageArn stage() {
    return master;
  }

  CompletionStage<Token> token(UserId user, Map<String, String> attributes, String requestId) {
    return token(master, user, attributes, requestId);
  }

  /** A token for one of several stages: each that is published to feeds others. */
  CompletionStage<Token> token(
      StageArn stage, UserId user, Map<String, String> attributes, String requestId) {
    Wish wish =
        new Wish(stage, user, Set.of(Capability.PUBLISH), tokenLife, attributes, Optional.empty());
    return log.reachable() // no token that could not be told of
        .thenCompose(reachable -> tokens.create(wish))
        .thenCompose(
            token -> {
              ViewerEvent live =
                  new PublisherLive(stage, user, token.participant(), PublisherEvidence.TOKEN);
              return log.begin(live, requestId)
                  .thenCompose(log::folded)
                  .thenApply(
                      folded -> {
                        logger.info("participant {} has a publisher token", token.participant());
                        return token;
                      });
            });
  }

  CompletionStage<Void> offline(String requestId) {
    return append(new PublisherOffline("", PublisherEvidence.OPERATOR), requestId)
        .thenRun(() -> logger.info("publisher set offline by an operator"));
  }

  /**
   * Nobody publishes any more, and every viewer is told to stop.
   *
   * @param after from now on, by Redis's clock
   * @return when
   */
  CompletionStage<Instant> end(Duration after, String requestId) {
    return log.end(new PublisherOffline("", PublisherEvidence.OPERATOR), after, requestId)
        .thenCompose(
            ending -> {
              logger.info("an operator ends the broadcast at {}", ending.at());
              return ending
                  .entry()
                  .map(log::folded)
                  .orElseGet(() -> CompletableFuture.completedStage(null))
                  .thenApply(done -> ending.at());
            });
  }

  private CompletionStage<Void> append(ViewerEvent event, String requestId) {
    return log.append(event, requestId).thenCompose(log::folded);
  }
}
