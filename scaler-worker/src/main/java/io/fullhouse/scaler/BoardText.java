package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.scaler.DisconnectQueue.Waiting;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** What {@link Board} shows, as JSON that the gateway passes on. Immutable and thread-safe. */
final class BoardText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ScalingLimits limits;
  private final PrewarmSchedule configured;
  private final double callsPerSecond;
  private final Supplier<Optional<Drift>> drift;
  private final Supplier<Waiting> disconnects;

  /**
   * @param configured pre-warm windows of the configuration
   * @param callsPerSecond to IVS, of all scalers of the account
   * @param drift of the last comparison with IVS; thread-safe
   * @param disconnects how many are to be disconnected; thread-safe
   */
  BoardText(
      ScalingLimits limits,
      PrewarmSchedule configured,
      double callsPerSecond,
      Supplier<Optional<Drift>> drift,
      Supplier<Waiting> disconnects) {
    this.limits = limits;
    this.configured = configured;
    this.callsPerSecond = callsPerSecond;
    this.drift = drift;
    this.disconnects = disconnects;
  }

  /** All of the present. */
  String state(ScalingDecision decision, ScalingInput input, Observation seen, int callsLeft) {
    StageLoad load = input.load();
    ObjectNode json = JSON.createObjectNode();
    json.put("at", seen.at().toString());
    json.set("limits", LimitsText.of(limits));
    json.set("ceiling", ceiling(input));
    json.put("desired", desired(decision, load));
    json.put("open", load.open());
    json.put("preparing", load.preparing());
    json.put("existing", load.existing());
    json.putObject("callBudget").put("perSecond", callsPerSecond).put("left", callsLeft);
    json.set("schedule", schedule(input));
    json.set("decision", facts(decision, input, seen));
    json.set("disconnects", waiting());
    drift.get().ifPresent(last -> json.set("drift", last.toJson()));
    json.put("capacityLine", CapacityLine.of(limits, Math.max(1, input.sources())));
    return json.toString();
  }

  private ObjectNode waiting() {
    Waiting waiting = disconnects.get();
    return JSON.createObjectNode()
        .put("banned", waiting.banned())
        .put("superseded", waiting.superseded())
        .put("expired", waiting.expired());
  }

  /** One decision, with the numbers behind it. */
  String decision(ScalingDecision decision, ScalingInput input, Observation seen) {
    ObjectNode json = facts(decision, input, seen);
    json.set("ceiling", ceiling(input));
    return json.toString();
  }

  private ObjectNode ceiling(ScalingInput input) {
    StageCeiling ceiling = StageCeiling.of(input, limits);
    return JSON.createObjectNode()
        .put("stages", ceiling.stages())
        .put("limit", ceiling.limit().name())
        .put("reason", ceiling.limit().text())
        .put("sources", input.sources())
        .set("elsewhere", elsewhere(input));
  }

  private static ObjectNode elsewhere(ScalingInput input) {
    return JSON.createObjectNode()
        .put("stages", input.elsewhere().stages())
        .put("subscriptions", input.elsewhere().subscriptions());
  }

  private ObjectNode schedule(ScalingInput input) {
    ArrayNode windows = JSON.createArrayNode();
    configured.windows().forEach(window -> windows.add(window.toString()));
    ObjectNode json = JSON.createObjectNode();
    json.set("configured", windows);
    return json.put("seatsWantedNow", input.floorSeats());
  }

  private static int desired(ScalingDecision decision, StageLoad load) {
    if (decision instanceof ScaleOut out) {
      return out.desired();
    }
    int have = load.open() + load.preparing();
    if (decision instanceof ScaleIn) {
      return have - 1;
    }
    return decision.reason() == ScalingDecision.Reason.BROADCAST_ENDED ? Math.min(1, have) : have;
  }

  private static String action(ScalingDecision decision) {
    if (decision instanceof ScaleOut) {
      return "scale-out";
    }
    return decision instanceof ScaleIn ? "scale-in" : "hold";
  }

  private ObjectNode facts(ScalingDecision decision, ScalingInput input, Observation seen) {
    StageLoad load = input.load();
    ObjectNode json = JSON.createObjectNode();
    json.put("at", seen.at().toString());
    json.put("action", action(decision));
    json.put("desired", desired(decision, load));
    if (decision instanceof ScaleIn in) {
      json.put("stageArn", in.stage().value());
    }
    json.put("reason", decision.reason().name());
    json.put("text", decision.reason().text());
    decision.limit().ifPresent(limit -> json.put("limit", limit.name()));
    json.put("mode", input.mode().name().toLowerCase(Locale.ROOT));
    json.put("viewers", load.totalViewers());
    json.put("seatsTaken", load.taken());
    json.put("seats", (long) load.open() * limits.stageCapacity());
    json.put("scaleUpLine", limits.scaleUpLine(load.open()));
    json.put("open", load.open());
    json.put("preparing", load.preparing());
    json.put("existing", load.existing());
    json.put("joinsPerSecond", input.seatsPerSecond());
    json.put("floorSeats", input.floorSeats());
    json.put("sources", input.sources());
    json.put("asOf", load.position().toString());
    load.age().map(Duration::toMillis).ifPresent(age -> json.put("countsAgeMillis", age));
    return json;
  }
}
