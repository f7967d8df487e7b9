package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.StageRegistry.Doors;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which stage is fed from which, by an operator's word. For one thread.
 *
 * <p>What is started by hand is wanted state like all else: it is started again after a hiccup, and
 * another source takes over when this one has no publisher or no room any more. What is stopped
 * stays stopped: a stage without a picture closes, and its viewers are offered another one.
 */
final class ReplicationCommands {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CommandQueue queue;
  private final StageRegistry registry;
  private final PublisherReplicas replicas;

  ReplicationCommands(CommandQueue queue, StageRegistry registry, PublisherReplicas replicas) {
    this.queue = queue;
    this.registry = registry;
    this.replicas = replicas;
  }

  /** Feeds the stage from that source from now on. */
  void start(Command command, StageMetadata stage, Observation seen, Instant now) {
    Optional<Publishing> publisher = publisher(command, seen);
    Optional<String> wrong = wrong(command, stage, seen);
    if (publisher.isEmpty()) {
      refuse(command, "NOT_FOUND", "The participant is not known to publish to the source stage");
      return;
    } else if (wrong.isPresent()) {
      refuse(command, "VALIDATION_ERROR", wrong.get());
      return;
    }
    StageArn source = publisher.get().source();
    if (fedFrom(source, stage.arn(), seen) >= replicas.replicaLimit()) {
      queue.refused(
          command,
          "STAGE_LIMIT_REACHED",
          "The source feeds as many stages as one publisher can be on",
          JSON.createObjectNode().put("reason", StageCeiling.Limit.REPLICA_LIMIT.name()));
      return;
    }
    queue.begin(command);
    if (stage.parentStage().filter(source::equals).isEmpty()) {
      registry.put(stage.fedFrom(source), Doors.LEFT_ALONE);
    }
    Observation latest = registry.observe();
    replicas.drive(latest, now);
    if (replicas.shownOn(stage.arn()).contains(publisher.get())) {
      queue.done(command, 200, named(command).put("startedAt", latest.at().toString()));
    } else {
      refuse(
          command,
          "SERVICE_UNAVAILABLE",
          "IVS does not replicate it, and the scaler tries on: "
              + replicas.trouble(publisher.get()));
    }
  }

  private static Optional<String> wrong(Command command, StageMetadata stage, Observation seen) {
    if (command.source().filter(stage.arn()::equals).isPresent()) {
      return Optional.of("A stage is not fed from itself");
    } else if (stage.state().equals(StageMetadata.DELETING)) {
      return Optional.of("The stage is being deleted");
    } else if (seen.publishers().stream().anyMatch(each -> each.source().equals(stage.arn()))) {
      return Optional.of("The stage has a publisher of its own");
    }
    return Optional.empty();
  }

  private static long fedFrom(StageArn source, StageArn other, Observation seen) {
    return seen.fleet().values().stream()
        .filter(stage -> !stage.arn().equals(other))
        .filter(stage -> !stage.state().equals(StageMetadata.DELETING))
        .filter(stage -> stage.parentStage().filter(source::equals).isPresent())
        .count();
  }

  /** Feeds the stage from nowhere; the command stays until IVS has ended it. */
  void stop(Command command, StageMetadata stage, Observation seen) {
    boolean fed = stage.parentStage().isPresent() && stage.parentStage().equals(command.source());
    if (!command.begun() && (!fed || publisher(command, seen).isEmpty())) {
      refuse(command, "NOT_FOUND", "There is no such replication");
      return;
    }
    queue.begin(command);
    if (fed) {
      registry.put(stage.unfed(), Doors.LEFT_ALONE);
    }
    if (replicas.leave(stage.arn())) {
      queue.done(command, 200, named(command).put("stoppedAt", seen.at().toString()));
    }
  }

  /** Who is on the stage from elsewhere. */
  void status(Command command, StageMetadata stage) {
    List<Publishing> shown = byParticipant(replicas.shownOn(stage.arn()));
    ObjectNode answer = JSON.createObjectNode().put("stageArn", stage.arn().value());
    answer.put("hasReplication", !shown.isEmpty());
    ObjectNode info = answer.putObject("replicationInfo");
    info.put("destinationStageArn", stage.arn().value()).put("state", stage.state());
    stage.parentStage().ifPresent(source -> info.put("sourceStageArn", source.value()));
    ArrayNode participants = info.putArray("participantIds");
    shown.forEach(each -> participants.add(each.participant().value()));
    queue.done(command, 200, answer);
  }

  /** Who publishes, and to which stage; first of all whoever IVS has seen. */
  void publishers(Command command, Observation seen) {
    List<Publishing> all = byParticipant(seen.publishers());
    ObjectNode answer = JSON.createObjectNode().put("hasPublisher", !all.isEmpty());
    if (!all.isEmpty()) {
      answer.set("publisherInfo", shown(all.get(0)));
    }
    ArrayNode list = answer.putArray("publishers");
    all.forEach(each -> list.add(shown(each)));
    queue.done(command, 200, answer);
  }

  private static List<Publishing> byParticipant(List<Publishing> publishers) {
    return publishers.stream()
        .sorted(
            Comparator.comparing(Publishing::seen)
                .reversed()
                .thenComparing(each -> each.participant().value()))
        .toList();
  }

  private static ObjectNode shown(Publishing publisher) {
    return JSON.createObjectNode()
        .put("participantId", publisher.participant().value())
        .put("stageArn", publisher.source().value())
        .put("evidence", publisher.seen() ? "ivs" : "token");
  }

  private static Optional<Publishing> publisher(Command command, Observation seen) {
    return seen.publishers().stream()
        .filter(each -> each.participant().value().equals(command.participant()))
        .filter(each -> command.source().filter(each.source()::equals).isPresent())
        .findFirst();
  }

  private static ObjectNode named(Command command) {
    ObjectNode answer = JSON.createObjectNode();
    command.source().ifPresent(source -> answer.put("sourceStageArn", source.value()));
    command.stage().ifPresent(stage -> answer.put("destinationStageArn", stage.value()));
    return answer.put("participantId", command.participant());
  }

  private void refuse(Command command, String code, String message) {
    queue.refused(command, code, message, JSON.createObjectNode());
  }
}
