package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.CommandRefusal;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.IvsAnswer.Kind;
import io.fullhouse.scaler.IvsAnswer.Refused;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.ScalingInput.Mode;
import io.fullhouse.scaler.StageFleet.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries out what an operator wants done by hand, also while the scaler is held. For one thread.
 *
 * <p>A command that nobody began within {@link #WAITED_FOR} is refused: its operator was told that
 * there was no answer, and must not be surprised later. One that was begun is brought to its end by
 * whoever acts then, once: a stage that is made carries the command's id as a tag.
 */
final class OperatorCommands {
  /** As long as a gateway waits. */
  static final Duration WAITED_FOR = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CommandQueue queue;
  private final StageFleet fleet;
  private final StageRegistry registry;
  private final StageOpener opener;
  private final FleetDoors doors;
  private final ReplicationCommands replication;
  private final StageArn master;
  private final ScalingLimits limits;

  OperatorCommands(
      CommandQueue queue,
      StageFleet fleet,
      StageRegistry registry,
      StageOpener opener,
      FleetDoors doors,
      ReplicationCommands replication,
      StageArn master,
      ScalingLimits limits) {
    this.queue = queue;
    this.fleet = fleet;
    this.registry = registry;
    this.opener = opener;
    this.doors = doors;
    this.replication = replication;
    this.master = master;
    this.limits = limits;
  }

  /**
   * Carries out what there is.
   *
   * @param now by this scaler's own clock
   * @return whether there was a new one
   */
  boolean carryOut(Observation seen, Instant now) {
    List<Command> commands = queue.pending();
    Observation latest = seen;
    for (Command command : commands) {
      carryOut(command, latest, now);
      latest = registry.observe();
    }
    return commands.stream().anyMatch(command -> !command.begun());
  }

  private void carryOut(Command command, Observation seen, Instant now) {
    if (!command.begun() && command.asked().plus(WAITED_FOR).isBefore(seen.at())) {
      refuse(command, "SERVICE_UNAVAILABLE", CommandRefusal.TOO_LATE);
    } else if (command.kind().isEmpty()) {
      refuse(command, "VALIDATION_ERROR", CommandRefusal.UNKNOWN_COMMAND);
    } else {
      carryOut(command, command.kind().get(), seen, now);
    }
  }

  private void carryOut(Command command, Command.Kind kind, Observation seen, Instant now) {
    switch (kind) {
      case CREATE -> create(command, seen);
      case PUBLISHERS -> replication.publishers(command, seen);
      case REPLICATION ->
          stage(command, seen).ifPresent(it -> replication.status(command, it, seen));
      case REPLICATE ->
          changed(command, seen, stage -> replication.start(command, stage, seen, now));
      case UNREPLICATE -> changed(command, seen, stage -> replication.stop(command, stage, seen));
      case RENAME -> changed(command, seen, stage -> rename(command, stage, seen));
      case DELETE -> {
        if (command.begun() && isGone(command, seen)) {
          command.stage().ifPresent(stage -> queue.done(command, 200, deleted(stage)));
        } else {
          changed(command, seen, stage -> delete(command, stage, seen, now));
        }
      }
    }
  }

  private static boolean isGone(Command command, Observation seen) {
    return command.stage().filter(stage -> !seen.fleet().containsKey(stage)).isPresent();
  }

  /** The stage that is meant; refuses when there is none. */
  private Optional<StageMetadata> stage(Command command, Observation seen) {
    Optional<StageMetadata> stage =
        command.stage().flatMap(arn -> Optional.ofNullable(seen.fleet().get(arn)));
    if (stage.isEmpty()) {
      refuse(command, "NOT_FOUND", CommandRefusal.NO_SUCH_STAGE);
    }
    return stage;
  }

  private void changed(Command command, Observation seen, Consumer<StageMetadata> change) {
    if (command.stage().filter(master::equals).isPresent()) {
      refuse(command, "FORBIDDEN", CommandRefusal.MASTER_STAGE);
    } else {
      stage(command, seen).ifPresent(change);
    }
  }

  private void create(Command command, Observation seen) {
    if (command.begun()) {
      takeUp(command, seen);
      return;
    }
    StageCeiling ceiling = StageCeiling.of(demandless(seen), limits);
    if (seen.load().existing() >= ceiling.stages()) {
      queue.refused(
          command,
          "STAGE_LIMIT_REACHED",
          at(ceiling.limit()),
          "",
          JSON.createObjectNode().put("reason", ceiling.limit().name()));
      return;
    }
    queue.begin(command);
    IvsAnswer<StageMetadata> answer = opener.openFor(command);
    if (answer instanceof Done<StageMetadata> done) {
      queue.done(command, 201, shown(done.value(), seen));
    } else if (answer instanceof Refused<StageMetadata>) {
      queue.refused(
          command,
          answer.is(Kind.QUOTA) ? "STAGE_LIMIT_REACHED" : "SERVICE_UNAVAILABLE",
          CommandRefusal.STAGE_REFUSED_BY_IVS,
          answer.reason(),
          JSON.createObjectNode());
    } // else unclear: the inventory finds the stage, or that there is none
  }

  private static CommandRefusal at(StageCeiling.Limit limit) {
    return switch (limit) {
      case MAX_STAGES -> CommandRefusal.AT_MAX_STAGES;
      case REPLICA_LIMIT -> CommandRefusal.AT_REPLICA_LIMIT;
      case SUBSCRIPTION_QUOTA -> CommandRefusal.AT_SUBSCRIPTION_QUOTA;
      case STAGE_QUOTA -> CommandRefusal.AT_STAGE_QUOTA;
    };
  }

  private static ScalingInput demandless(Observation seen) {
    long sources = seen.publishers().stream().map(Publishing::source).distinct().count();
    return new ScalingInput(
        seen.load(), 0, 0, (int) sources, Mode.AUTO, Optional.empty(), Elsewhere.NOTHING);
  }

  /** Somebody asked IVS for the stage, and nobody told what came of it. */
  private void takeUp(Command command, Observation seen) {
    if (seen.intents().containsKey(command.request())) {
      return; // until the inventory knows
    }
    if (!(fleet.list() instanceof Done<List<Listed>> all)) {
      return;
    }
    Optional<StageMetadata> made =
        all.value().stream()
            .filter(stage -> command.request().equals(stage.tags().get(OwnerTags.REQUEST)))
            .findFirst()
            .flatMap(stage -> Optional.ofNullable(seen.fleet().get(stage.arn())));
    if (made.isPresent()) {
      queue.done(command, 201, shown(made.get(), seen));
    } else {
      refuse(command, "SERVICE_UNAVAILABLE", CommandRefusal.STAGE_NOT_MADE);
    }
  }

  private void delete(Command command, StageMetadata stage, Observation seen, Instant now) {
    if (stage.state().equals(StageMetadata.DELETING)) {
      queue.begin(command); // answered when it is gone
      return;
    }
    if (command.drain()) {
      if (!stage.state().equals(StageMetadata.DRAINING) || FleetDoors.reopens(stage)) {
        doors.drain(stage, FleetDoors.OPERATOR, seen.at());
      }
      queue.done(
          command,
          200,
          JSON.createObjectNode()
              .put("stageArn", stage.arn().value())
              .put("deleted", false)
              .put("state", StageMetadata.DRAINING));
      return;
    }
    long viewers = seen.registered(stage.arn()).map(StageLoad.Stage::audience).orElse(0L);
    if (viewers == 0) {
      queue.begin(command);
    }
    if (viewers > 0 || !doors.closeEmpty(stage, seen.at(), now)) {
      queue.refused(
          command,
          "VALIDATION_ERROR",
          CommandRefusal.STAGE_HAS_VIEWERS,
          "",
          JSON.createObjectNode().put("viewerCount", Math.max(1, viewers)));
    } else if (!registry.observe().fleet().containsKey(stage.arn())) {
      queue.done(command, 200, deleted(stage.arn()));
    } // else IVS did not delete it yet: tried on, and answered when it is gone
  }

  private void rename(Command command, StageMetadata stage, Observation seen) {
    IvsAnswer<Boolean> answer = fleet.rename(stage.arn(), command.name());
    if (answer instanceof Done<Boolean>) {
      StageMetadata renamed = stage.named(command.name());
      registry.put(renamed, StageRegistry.Doors.LEFT_ALONE);
      queue.done(command, 200, shown(renamed, seen));
    } else if (answer instanceof Refused<Boolean>) {
      queue.refused(
          command,
          answer.is(Kind.NOT_FOUND) ? "NOT_FOUND" : "SERVICE_UNAVAILABLE",
          CommandRefusal.RENAME_REFUSED_BY_IVS,
          answer.reason(),
          JSON.createObjectNode());
    } // else unclear: tried again, for as long as somebody waits
  }

  private void refuse(Command command, String code, CommandRefusal why) {
    queue.refused(command, code, why, "", JSON.createObjectNode());
  }

  private static ObjectNode deleted(StageArn stage) {
    return JSON.createObjectNode().put("stageArn", stage.value()).put("deleted", true);
  }

  private static ObjectNode shown(StageMetadata stage, Observation seen) {
    Optional<StageLoad.Stage> registered = seen.registered(stage.arn());
    ObjectNode json =
        JSON.createObjectNode()
            .put("stageArn", stage.arn().value())
            .put("name", stage.name())
            .put("viewerCount", registered.map(StageLoad.Stage::viewers).orElse(0L))
            .put("seats", registered.map(StageLoad.Stage::taken).orElse(0L))
            .put("capacity", stage.capacity())
            .put("state", stage.state())
            .put("autoScaled", stage.autoScaled())
            .put("createdAt", stage.createdAt().toString());
    ObjectNode tags = json.putObject("tags");
    stage.tags().forEach(tags::put);
    return json;
  }
}
