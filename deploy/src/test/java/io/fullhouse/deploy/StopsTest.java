package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StopsTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Stops stops =
      new Stops(new Console(new PrintStream(output, true, StandardCharsets.UTF_8)));
  private final List<String> stopped = new ArrayList<>();

  @Test
  void what_started_last_stops_first_and_once() {
    stops.add("Redis", () -> stopped.add("Redis"));
    stops.add("gateway", () -> stopped.add("gateway"));

    stops.stopAll();
    stops.stopAll();

    assertThat(stopped).containsExactly("gateway", "Redis");
  }

  @Test
  void one_that_does_not_stop_keeps_nobody_else_from_it() {
    stops.add("Redis", () -> stopped.add("Redis"));
    stops.add(
        "gateway",
        () -> {
          throw new IllegalStateException("stuck");
        });

    stops.stopAll();

    assertThat(stopped).containsExactly("Redis");
    assertThat(output.toString(StandardCharsets.UTF_8)).contains("gateway did not stop", "stuck");
  }

  @Test
  void what_starts_too_late_is_stopped_at_once() {
    stops.stopAll();

    assertThatThrownBy(() -> stops.add("scaler", () -> stopped.add("scaler")))
        .isInstanceOf(UpException.class);
    assertThat(stopped).containsExactly("scaler");
  }
}
