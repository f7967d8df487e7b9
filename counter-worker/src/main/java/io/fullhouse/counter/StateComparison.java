package io.fullhouse.counter;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the live keys with the model's fold of the log, to the byte, and says what differs. */
final class StateComparison {
  private final List<String> differences = new ArrayList<>();

  /** Compares all but the viewers themselves; both sides must hold for the same entry. */
  void compareFold(PresenceModel model, LiveState live) {
    same("total_viewers", Integer.toString(model.totalViewers()), live.total());
    same("users in viewer:seat", Integer.toString(model.totalViewers()), live.seated() + "");
    String status = model.publisherIsLive() ? "live" : "offline";
    same(
        "publisher:status",
        status,
        live.publisherStatus().isEmpty() ? "offline" : live.publisherStatus());
    compare("fold field ", model.foldFields(), live.foldFields());
    Map<String, String> counts = new TreeMap<>();
    model.counts().forEach((stage, n) -> counts.put(stage.value(), n.toString()));
    compare("viewers:", counts, live.counts());
  }

  /** Compares who is present on a stage; both sides must hold for the same entry. */
  void compareStage(PresenceModel model, String stage, LiveState.Viewers live) {
    Map<String, String> expected = valuesOf(model, stage);
    compare("viewer:heartbeat:" + stage + " ", expected, live.values());
    Map<String, String> seats = new TreeMap<>();
    expected.keySet().forEach(user -> seats.put(user, stage));
    compare("viewer:seat ", seats, live.seats());
  }

  /** User id to value of the viewers that the model has on a stage. */
  static Map<String, String> valuesOf(PresenceModel model, String stage) {
    Map<String, String> values = new TreeMap<>();
    for (Map.Entry<UserId, Presence> viewer : model.viewers().entrySet()) {
      if (viewer.getValue().stage().value().equals(stage)) {
        values.put(viewer.getKey().value(), viewer.getValue().toValue());
      }
    }
    return values;
  }

  /** Everything at once: for an audience that fits one photograph. */
  static List<String> differences(PresenceModel model, LiveState live) {
    StateComparison comparison = new StateComparison();
    comparison.compareFold(model, live);
    TreeSet<String> stages = new TreeSet<>(live.stages().keySet());
    model.counts().keySet().stream().map(StageArn::value).forEach(stages::add);
    for (String stage : stages) {
      LiveState.Viewers viewers =
          live.stages()
              .getOrDefault(stage, new LiveState.Viewers(live.position(), Map.of(), Map.of()));
      comparison.compareStage(model, stage, viewers);
    }
    return comparison.differences();
  }

  /** One line for each difference found so far; empty when the two are the same. */
  List<String> differences() {
    return List.copyOf(differences);
  }

  private void compare(String what, Map<String, String> log, Map<String, String> live) {
    TreeSet<String> names = new TreeSet<>(log.keySet());
    names.addAll(live.keySet());
    for (String name : names) {
      same(what + name, log.getOrDefault(name, "nothing"), live.getOrDefault(name, "nothing"));
    }
  }

  private void same(String what, String log, String live) {
    if (!Objects.equals(log, live)) {
      differences.add(what + ": the log gives " + log + ", Redis has " + live);
    }
  }
}
