package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.Observation.Publishing;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which stage feeds which: every stage that a publisher sends to by itself is a source, and feeds
 * as many others as IVS allows. Pure.
 *
 * <p>A stage keeps its source while that one has room for it, so that nothing moves without need.
 * One that finds no room keeps the name of its source and waits.
 *
 * <p>One that an operator pinned goes back to its source as soon as that has room. While it has
 * none, or nobody publishes there, it is fed like any other; it takes no picture from another one.
 */
final class SourcePlan {
  private static final Comparator<StageMetadata> OLDEST_FIRST =
      Comparator.comparing(StageMetadata::createdAt).thenComparing(stage -> stage.arn().value());

  private final Map<StageArn, Integer> room = new LinkedHashMap<>();
  private final Map<StageArn, StageArn> sources = new HashMap<>();

  private SourcePlan() {}

  /**
   * The stages that are to be fed from another source than they name, and from which.
   *
   * @param onAir whether a stage shows a publisher of its own, so that it needs no other
   * @param replicaLimit stages that one source feeds at most; one that drains is fed until its end
   */
  static Map<StageArn, StageArn> changes(
      Observation seen, Predicate<StageArn> onAir, int replicaLimit) {
    List<StageMetadata> stages =
        seen.fleet().values().stream()
            .filter(stage -> !stage.state().equals(StageMetadata.DELETING))
            .sorted(OLDEST_FIRST)
            .toList();
    List<StageArn> publishedTo = seen.publishers().stream().map(Publishing::source).toList();
    SourcePlan plan = new SourcePlan();
    stages.stream()
        .map(StageMetadata::arn)
        .filter(publishedTo::contains)
        .forEach(source -> plan.room.put(source, replicaLimit));
    List<StageMetadata> fed =
        stages.stream()
            .filter(stage -> stage.parentStage().isPresent() && !onAir.test(stage.arn()))
            .toList();
    List<StageMetadata> moving =
        fed.stream()
            .sorted(Comparator.comparing(stage -> !isWherePinned(stage, seen))) // those first
            .filter(stage -> !plan.keeps(stage))
            .toList();
    fed.stream()
        .filter(stage -> !isWherePinned(stage, seen))
        .forEach(
            stage ->
                seen.pinnedTo(stage.arn())
                    .filter(onAir) // not to one who has only a token: that is no picture yet
                    .ifPresent(pinned -> plan.goBack(stage, pinned)));
    moving.stream().filter(stage -> !plan.sources.containsKey(stage.arn())).forEach(plan::move);
    return Map.copyOf(plan.sources);
  }

  private static boolean isWherePinned(StageMetadata stage, Observation seen) {
    return stage.parentStage().isPresent()
        && stage.parentStage().equals(seen.pinnedTo(stage.arn()));
  }

  private void goBack(StageMetadata stage, StageArn pinned) {
    if (take(pinned)) {
      sources.put(stage.arn(), pinned);
    }
  }

  private boolean keeps(StageMetadata stage) {
    return stage.parentStage().filter(source -> take(source)).isPresent();
  }

  /** To the source with the most room; the oldest of those. Never to itself. */
  private void move(StageMetadata stage) {
    Optional<StageArn> source =
        room.entrySet().stream()
            .filter(entry -> entry.getValue() > 0 && !entry.getKey().equals(stage.arn()))
            .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
            .map(Map.Entry::getKey);
    source.filter(this::take).ifPresent(found -> sources.put(stage.arn(), found));
  }

  private boolean take(StageArn source) {
    int left = room.getOrDefault(source, 0);
    if (left > 0) {
      room.put(source, left - 1);
    }
    return left > 0;
  }
}
