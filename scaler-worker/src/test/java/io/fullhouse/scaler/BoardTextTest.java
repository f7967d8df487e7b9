package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.LIMITS;
import static io.fullhouse.scaler.Loads.NOW;
import static io.fullhouse.scaler.Loads.load;
import static io.fullhouse.scaler.Loads.master;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.PrewarmSchedule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class BoardTextTest {
  private final AtomicReference<Optional<Drift>> drift = new AtomicReference<>(Optional.empty());
  private final BoardText text =
      new BoardText(
          LIMITS, PrewarmSchedule.NONE, 4, drift::get, () -> new DisconnectQueue.Waiting(3, 2, 1));

  private JsonNode state() throws IOException {
    StageLoad load = load(master(0));
    Observation seen =
        new Observation(NOW, load, Map.of(), Map.of(), List.of(), false, "", false, Map.of(), "");
    ScalingDecision decision = new ScalingDecision.Hold(ScalingDecision.Reason.WITHIN_LIMITS);
    return new ObjectMapper().readTree(text.state(decision, ScalingInput.of(load), seen, 3));
  }

  @Test
  void tells_how_many_are_to_be_disconnected() throws IOException {
    assertThat(state().path("disconnects").toString())
        .isEqualTo("{\"banned\":3,\"superseded\":2,\"expired\":1}");
  }

  @Test
  void tells_the_drift_of_the_last_comparison_and_nothing_before_the_first() throws IOException {
    assertThat(state().has("drift")).isFalse();

    drift.set(Optional.of(new Drift(NOW, 3, 1, 7, 6, 5, 4)));
    assertThat(state().path("drift").toString())
        .isEqualTo(
            "{\"at\":\"%s\",\"stages\":3,\"skipped\":1,\"oursOnly\":7,\"ivsOnly\":6,\"ended\":5,"
                    .formatted(NOW)
                + "\"disconnected\":4}");
  }
}
