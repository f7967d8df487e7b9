package io.fullhouse.scaler;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.ViewerCounts;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what {@code observe.lua} answers. What somebody damaged costs itself only. */
final class ObservationReply {
  private static final int HEAD = 13;
  private static final int PER_STAGE = 5;
  private static final String HELD = "hold";

  private ObservationReply() {}

  static Observation read(List<Object> reply) {
    long now = number(text(reply, 0));
    Map<StageArn, StageMetadata> fleet = fleet(pairs(reply.get(6)));
    Map<String, Instant> intents = intents(pairs(reply.get(7)));
    List<Publishing> publishers = publishers(pairs(reply.get(8)));
    Map<StageArn, Stage> stages = new LinkedHashMap<>();
    for (int i = HEAD; i < reply.size(); i += PER_STAGE) {
      // What is not an ARN was put there by hand: nobody can be seated on it.
      if (StageArn.isValid(text(reply, i))) {
        Stage stage = stage(reply, i, fleet, publishers);
        stages.put(stage.arn(), stage);
      }
    }
    fleet.values().stream()
        .filter(known -> !stages.containsKey(known.arn()))
        .filter(known -> !known.state().equals(StageMetadata.ACTIVE)) // lost: about to be put back
        .forEach(known -> stages.put(known.arn(), unregistered(known, publishers)));
    StageLoad load =
        new StageLoad(
            List.copyOf(stages.values()),
            number(text(reply, 3)),
            EntryId.parse(text(reply, 2)),
            age(now, number(text(reply, 1))),
            intents.size(),
            unknownVersion(pairs(reply.get(11))));
    return new Observation(
        Instant.ofEpochMilli(now),
        load,
        fleet,
        intents,
        publishers,
        text(reply, 4).equals(HELD),
        text(reply, 5),
        (Long) reply.get(9) == 1,
        pins(pairs(reply.get(12))),
        text(reply, 10));
  }

  private static Stage stage(
      List<Object> reply, int i, Map<StageArn, StageMetadata> fleet, List<Publishing> publishers) {
    StageArn arn = new StageArn(text(reply, i));
    Optional<StageMetadata> metadata = StageMetadata.fromJson(text(reply, i + 4));
    Optional<StageMetadata> known = Optional.ofNullable(fleet.get(arn));
    State registered = State.valueOf(text(reply, i + 1));
    return new Stage(
        arn,
        // One that waits for its publisher is closed to newcomers and will be open again.
        isComing(known) && registered == State.CLOSING ? State.PREPARING : registered,
        number(text(reply, i + 2)),
        number(text(reply, i + 3)),
        metadata.map(StageMetadata::createdAt),
        // While somebody publishes to it, others may be fed from it: it is not ours to close.
        metadata.map(StageMetadata::autoScaled).orElse(false) && sentTo(arn, publishers) == 0,
        shown(arn, known, publishers),
        known.filter(FleetDoors::reopens).isPresent());
  }

  /** A stage on its way in or out, on which nobody is. */
  private static Stage unregistered(StageMetadata known, List<Publishing> publishers) {
    return new Stage(
        known.arn(),
        isComing(Optional.of(known)) ? State.PREPARING : State.CLOSING,
        0,
        0,
        Optional.of(known.createdAt()),
        known.autoScaled(),
        shown(known.arn(), Optional.of(known), publishers),
        false);
  }

  /** How many publishers viewers of the stage see: its own, else those of its source. */
  private static int shown(
      StageArn stage, Optional<StageMetadata> known, List<Publishing> publishers) {
    int own = sentTo(stage, publishers);
    return own > 0
        ? own
        : known
            .flatMap(StageMetadata::parentStage)
            .map(source -> sentTo(source, publishers))
            .orElse(0);
  }

  private static int sentTo(StageArn stage, List<Publishing> publishers) {
    return (int) publishers.stream().filter(it -> it.source().equals(stage)).count();
  }

  private static boolean isComing(Optional<StageMetadata> known) {
    return known.filter(stage -> stage.state().equals(StageMetadata.CREATING)).isPresent();
  }

  private static Optional<Duration> age(long now, long clock) {
    return clock <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis(now - clock));
  }

  private static Map<StageArn, StageMetadata> fleet(Map<String, String> fields) {
    Map<StageArn, StageMetadata> fleet = new HashMap<>();
    fields.forEach(
        (arn, json) ->
            StageMetadata.fromJson(json)
                .filter(stage -> stage.arn().value().equals(arn))
                .ifPresent(stage -> fleet.put(stage.arn(), stage)));
    return fleet;
  }

  private static Map<String, Instant> intents(Map<String, String> fields) {
    Map<String, Instant> intents = new HashMap<>();
    fields.forEach((request, at) -> intents.put(request, Instant.ofEpochMilli(number(at))));
    return intents;
  }

  private static Map<StageArn, Pin> pins(Map<String, String> fields) {
    Map<StageArn, Pin> pins = new HashMap<>();
    fields.forEach(
        (stage, text) ->
            Pin.of(text)
                .filter(pin -> StageArn.isValid(stage))
                .ifPresent(pin -> pins.put(new StageArn(stage), pin)));
    return pins;
  }

  private static List<Publishing> publishers(Map<String, String> fields) {
    List<Publishing> publishers = new ArrayList<>();
    for (String value : fields.values()) {
      String[] parts = value.split("\\|", -1); // participant|stage|evidence|since
      if (parts.length == 4 && ParticipantId.isValid(parts[0]) && StageArn.isValid(parts[1])) {
        publishers.add(
            new Publishing(
                new ParticipantId(parts[0]), new StageArn(parts[1]), parts[2].equals("ivs")));
      }
    }
    return publishers;
  }

  /** What is no version was put there by hand, and says nothing of the fold. */
  private static OptionalInt unknownVersion(Map<String, String> newestCounts) {
    try {
      return newestCounts.isEmpty()
          ? OptionalInt.empty()
          : ViewerCounts.unknownVersion(newestCounts);
    } catch (IllegalArgumentException e) {
      return OptionalInt.empty();
    }
  }

  private static String text(List<Object> reply, int index) {
    return (String) reply.get(index);
  }

  private static Map<String, String> pairs(Object list) {
    List<?> flat = (List<?>) list;
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      pairs.put((String) flat.get(i), (String) flat.get(i + 1));
    }
    return pairs;
  }

  /** What is not there is 0; what somebody damaged reads as impossible: the policy then holds. */
  private static long number(String text) {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
