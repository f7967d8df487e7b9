package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.StageAnswer;
import io.fullhouse.gateway.ApiMessages.StageInfo;
import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.http.Timestamps;
import java.util.List;
import java.util.Locale;

/**
 * How a stage is shown. Immutable.
 *
 * @param capacity seats a stage
 */
record StageAnswers(int capacity) {
  List<StageAnswer> of(StatsSnapshot snapshot) {
    return snapshot.stages().stream().map(this::of).toList();
  }

  StageAnswer of(Stage stage) {
    // A stage whose metadata is damaged, or not written yet, is shown by its id.
    StageInfo info =
        stage
            .metadata()
            .map(m -> new StageInfo(m.name(), m.autoScaled(), Timestamps.of(m.createdAt())))
            .orElseGet(() -> new StageInfo(stage.arn().id(), false, null));
    return new StageAnswer(
        stage.arn().value(),
        stage.arn().value(),
        info.name(),
        stage.viewers(),
        info.autoScaled(),
        info.createdAt(),
        stage.state().name().toLowerCase(Locale.ROOT),
        info,
        stage.seatsTaken(),
        capacity);
  }
}
