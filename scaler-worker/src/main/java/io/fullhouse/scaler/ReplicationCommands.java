package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.CommandRefusal;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.Observation.Publishing;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which stage is fed from which, by an operator's word. For one thread.
 *
 * <p>What is started by hand is wanted state like all else: the stage is pinned to that source,
 * whoever publishes there, and is fed from it again after a hiccup, a restart, another publisher.
 * While nobody publishes there, another source stands in. What is stopped stays stopped until it is
 * started again: a stage without a picture closes, and its viewers are offered another one.
 */
final class ReplicationCommands {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOBODY = "nobody publishes to the source stage";

  private final CommandQueue queue;
  private final StageRegistry registry;
  private final PublisherReplicas replicas;

  ReplicationCommands(CommandQueue queue, StageRegistry registry, PublisherReplicas replicas) {
    this.queue = queue;
    this.registry = registry;
    this.replicas = replicas;
  }

  /** Feeds the stage from that source from now on; the same again only says so again. */
  void start(Command command, StageMetadata stage, Observation seen, Instant now) {
    Optional<Pin> wish = Pin.of(command);
    Optional<Publishing> publisher = publisher(command, seen);
    Optional<CommandRefusal> wrong = wrong(command, stage, seen);
    if (wrong.isPresent()) {
      ObjectNode details = JSON.createObjectNode();
      details.putArray("invalidFields").add("destinationStageArn");
      queue.refused(command, "VALIDATION_ERROR", wrong.get(), "", details);
      return;
    } else if (wish.isEmpty() || (publisher.isEmpty() && !command.begun())) {
      refuse(command, "NOT_FOUND", CommandRefusal.NOT_PUBLISHING_THERE);
      return;
    }
    StageArn source = wish.get().source();
    if (!command.begun() && fedFrom(source, stage.arn(), seen) >= replicas.replicaLimit()) {
      queue.refused(
          command,
          "STAGE_LIMIT_REACHED",
          CommandRefusal.SOURCE_IS_FULL,
          "",
          JSON.createObjectNode().put("reason", StageCeiling.Limit.REPLICA_LIMIT.name()));
      return;
    }
    queue.begin(command);
    registry.pin(stage.fedFrom(source), wish.get());
    Observation latest = registry.observe();
    replicas.drive(latest, now);
    if (publisher.filter(replicas.shownOn(stage.arn())::contains).isPresent()) {
      queue.done(command, 200, named(command).put("startedAt", latest.at().toString()));
    } else {
      queue.refused(
          command,
          "SERVICE_UNAVAILABLE",
          CommandRefusal.NOT_REPLICATED_YET,
          publisher.map(replicas::trouble).orElse(NOBODY),
          JSON.createObjectNode());
    }
  }

  private static Optional<CommandRefusal> wrong(
      Command command, StageMetadata stage, Observation seen) {
    boolean goes =
        stage.state().equals(StageMetadata.DELETING)
            || (stage.state().equals(StageMetadata.DRAINING) && !FleetDoors.isPictureless(stage));
    if (command.source().filter(stage.arn()::equals).isPresent()) {
      return Optional.of(CommandRefusal.FED_FROM_ITSELF);
    } else if (goes) {
      return Optional.of(CommandRefusal.STAGE_GOES);
    } else if (seen.publishers().stream().anyMatch(each -> each.source().equals(stage.arn()))) {
      return Optional.of(CommandRefusal.HAS_OWN_PUBLISHER);
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
    Optional<Pin> pin = Optional.ofNullable(seen.pins().get(stage.arn()));
    boolean pinned = pin.isPresent() && pin.equals(Pin.of(command));
    boolean wanted =
        pinned
            || (command.source().isPresent()
                && (command.source().equals(stage.parentStage())
                    || command.source().equals(pin.map(Pin::source)))
                && publisher(command, seen).isPresent());
    if (!command.begun() && !wanted) {
      refuse(command, "NOT_FOUND", CommandRefusal.NO_SUCH_REPLICATION);
      return;
    }
    queue.begin(command);
    if (stage.parentStage().isPresent() || pin.isPresent()) {
      registry.unpin(stage.unfed());
    }
    if (replicas.leave(stage.arn())) {
      queue.done(command, 200, named(command).put("stoppedAt", seen.at().toString()));
    }
  }

  /** Who is on the stage from elsewhere, and who is to be. */
  void status(Command command, StageMetadata stage, Observation seen) {
    List<Publishing> shown = byParticipant(replicas.shownOn(stage.arn()));
    ObjectNode answer = JSON.createObjectNode().put("stageArn", stage.arn().value());
    answer.put("hasReplication", !shown.isEmpty());
    ObjectNode info = answer.putObject("replicationInfo");
    info.put("destinationStageArn", stage.arn().value()).put("state", stage.state());
    stage.parentStage().ifPresent(source -> info.put("sourceStageArn", source.value()));
    ArrayNode participants = info.putArray("participantIds");
    shown.forEach(each -> participants.add(each.participant().value()));
    Optional<StageArn> pinned = seen.pinnedTo(stage.arn());
    Optional<StageArn> wanted = pinned.or(stage::parentStage);
    info.put("pinned", pinned.isPresent());
    wanted.ifPresent(source -> info.put("wantedSourceStageArn", source.value()));
    String missing = missing(stage, wanted, shown, seen);
    info.put("asWanted", missing.isEmpty());
    if (!missing.isEmpty()) {
      info.put("reason", missing);
    }
    queue.done(command, 200, answer);
  }

  /** Why it is not as it is wanted to be; empty when it is. */
  private String missing(
      StageMetadata stage, Optional<StageArn> wanted, List<Publishing> shown, Observation seen) {
    if (wanted.isEmpty()) {
      return shown.isEmpty() ? "" : "IVS has not ended it yet";
    } else if (shown.stream().anyMatch(each -> wanted.get().equals(each.source()))) {
      return "";
    } else if (replicas.hasOwnPublisher(stage.arn())) {
      return "the stage has a publisher of its own";
    }
    List<Publishing> there =
        seen.publishers().stream().filter(each -> wanted.get().equals(each.source())).toList();
    if (there.isEmpty()) {
      return NOBODY;
    } else if (!wanted.equals(stage.parentStage())) {
      return "the source stage has no room, or only a token";
    }
    String trouble = replicas.trouble(there.get(0));
    return trouble.isEmpty() ? "it is not begun yet" : trouble;
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

  private void refuse(Command command, String code, CommandRefusal why) {
    queue.refused(command, code, why, "", JSON.createObjectNode());
  }
}
