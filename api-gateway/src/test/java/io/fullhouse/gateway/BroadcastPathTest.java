package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route is there under the name of its broadcast, too, and the index lists them all. */
@ExtendWith(GatewayExtension.class)
final class BroadcastPathTest {
  private final RunningGateway gateway;

  BroadcastPathTest(RunningGateway gateway) {
    this.gateway = gateway;
  }

  @Test
  void a_broadcast_is_spoken_to_by_name() {
    Answer stats = gateway.get("/api/b/main/stats");
    assertThat(stats.body().at("/data/broadcast").asText()).isEqualTo("main");
    assertThat(stats.header("cache-control")).isEmpty();
    assertRefused(gateway.get("/api/b/main/stats/stages?arn=x%2Fy"), 400, "VALIDATION_ERROR");
    assertRefused(gateway.get("/api/b/main/stats/stages/x%2Fy"), 404, "NOT_FOUND");
    assertRefused(gateway.post("/api/b/main/token/viewer", "{}"), 400, "VALIDATION_ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/b/other/stats",
        "/api/b/MAIN/stats",
        "/api/b/main%2Fstats",
        "/api/b/main",
        "/api/b/main/",
        "/api/b/",
        "/api/b/main/b/main/stats",
        "/api/b/main/health/live"
      })
  void another_broadcast_is_not_found(String path) {
    assertRefused(gateway.get(path), 404, "NOT_FOUND");
  }

  @Test
  void a_page_may_use_a_seat_there() {
    Answer answer =
        gateway.send(
            gateway
                .request("/api/b/main/viewer/leave")
                .header("Origin", "https://anywhere.example")
                .POST(BodyPublishers.noBody())
                .build());

    assertRefused(answer, 401, "UNAUTHORIZED");
    assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
  }

  @Test
  void the_index_lists_every_route() {
    List<String> listed = new ArrayList<>();
    gateway.get("/").body().at("/data/endpoints").forEach(each -> listed.add(each.asText()));

    assertThat(listed)
        .contains(
            "GET /",
            "GET /health",
            "POST /api/token/publisher-all",
            "PUT /api/stage/{stage}",
            "GET /api/stage/replication/status/{stage}",
            "GET /api/stats/stages/{stageId}",
            "POST /api/events/ivs")
        .allMatch(route -> route.matches("(GET|POST|PUT|DELETE) /[a-zA-Z./{}-]*"));
  }
}
