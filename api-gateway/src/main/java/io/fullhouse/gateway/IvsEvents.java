package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.IvsEventAnswer;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what IVS says of publishers into the log. Thread-safe. Late, repeated and unordered events
 * do no harm: the fold knows what came later, by IVS's own times.
 */
final class IvsEvents {
  private static final Logger logger = LoggerFactory.getLogger(IvsEvents.class);

  private final EventLog log;
  private final StageArn master;

  /**
   * @param master the stage on which anybody may publish; on others only who has a token for it
   */
  IvsEvents(EventLog log, StageArn master) {
    this.log = log;
    this.master = master;
  }

  /** Fails when the log cannot be reached; whatever else it is, EventBridge is not to repeat it. */
  CompletionStage<IvsEventAnswer> take(IvsStageEvent event, String requestId, Language language) {
    logger.info(
        "IVS says '{}' of participant {} on {}", event.name(), event.participant(), event.stage());
    if (event.kind() == IvsStageEvent.Kind.REPLICATION) {
      return log.replicationsChanged(event.stage())
          .thenCompose(ours -> ours ? taken() : ignored(Phrase.NOT_OUR_STAGE, language));
    } else if (event.stage().equals(master.value())) {
      return publisher(event, master, requestId, language);
    } else if (!StageArn.isValid(event.stage())) {
      return ignored(Phrase.NAMES_NO_STAGE, language);
    }
    // What IVS says of a replica's stage is not told apart from what it says of its own stage.
    return log.publishes(event.participant(), event.stage())
        .thenCompose(
            known ->
                known
                    ? publisher(event, new StageArn(event.stage()), requestId, language)
                    : ignored(Phrase.NOT_A_KNOWN_PUBLISHER, language));
  }

  private CompletionStage<IvsEventAnswer> publisher(
      IvsStageEvent event, StageArn stage, String requestId, Language language) {
    return change(event, stage)
        .map(change -> log.append(change, requestId).thenCompose(entry -> taken()))
        .orElseGet(() -> ignored(Phrase.NO_PUBLISHER_CHANGED, language));
  }

  private static CompletionStage<IvsEventAnswer> taken() {
    return CompletableFuture.completedStage(new IvsEventAnswer(true, null));
  }

  /** Accepted all the same: there is nothing to be done about it. */
  static CompletionStage<IvsEventAnswer> ignored(Message why, Language language) {
    return CompletableFuture.completedStage(new IvsEventAnswer(true, why.in(language)));
  }

  private static Optional<ViewerEvent> change(IvsStageEvent event, StageArn stage) {
    long at = event.at().map(Instant::toEpochMilli).orElse(0L);
    return switch (event.kind()) {
      case PUBLISHED ->
          Optional.of(
              new PublisherLive(
                  stage,
                  new UserId(event.user().isEmpty() ? event.participant() : event.user()),
                  new ParticipantId(event.participant()),
                  PublisherEvidence.IVS,
                  at));
      case UNPUBLISHED ->
          Optional.of(
              new PublisherOffline(
                  new ParticipantId(event.participant()).value(), PublisherEvidence.IVS, at));
      case PUBLISH_ERROR, REPLICATION, OTHER -> Optional.empty();
    };
  }
}
