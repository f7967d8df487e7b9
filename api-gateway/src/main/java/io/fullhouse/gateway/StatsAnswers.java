package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.StatsAnswer;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.model.BroadcastId;
import java.time.InstantSource;

/**
 * How the numbers are shown, whoever asks and by whatever way. Immutable.
 *
 * @param time of the answer
 */
record StatsAnswers(StageAnswers stages, BroadcastId broadcast, InstantSource time) {
  StatsAnswer all(StatsSnapshot now) {
    return new StatsAnswer(
        now.totalViewers(),
        now.stages().size(),
        now.publisherLive(),
        stages.of(now),
        broadcast.value(),
        timestamp(),
        now.asOf(),
        now.lagMillis());
  }

  String timestamp() {
    return Timestamps.of(time.instant());
  }
}
