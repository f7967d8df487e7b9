package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what. */
@ExtendWith(GatewayExtension.class)
final class AuthenticationTest {
  private final RunningGateway gateway;

  AuthenticationTest(RunningGateway gateway) {
    this.gateway = gateway;
  }

  @Test
  void nobody_passes_without_a_key_or_with_a_wrong_one() {
    for (String path :
        List.of("/api/token/viewer", "/api/token/publisher", "/api/publisher/offline")) {
      HttpRequest.Builder request =
          gateway
              .request(path)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"userId\":\"u\"}"));

      assertRefused(gateway.send(request.build()), 401, "UNAUTHORIZED");
      assertRefused(
          gateway.send(request.header("X-API-Key", "wrong").build()), 401, "UNAUTHORIZED");
    }
    for (String path : List.of("/api/stats", "/api/stats/viewers", "/api/stats/stages/x")) {
      assertRefused(gateway.send(gateway.request(path).GET().build()), 401, "UNAUTHORIZED");
    }
  }

  @Test
  void a_key_without_the_scope_is_told_which_it_lacks() {
    for (Map.Entry<String, String> route :
        Map.of(
                "/api/token/viewer", "join",
                "/api/token/publisher", "publish",
                "/api/publisher/offline", "publish",
                "/api/viewer/heartbeat", "viewer",
                "/api/viewer/leave", "viewer",
                "/api/viewer/rejoin", "viewer")
            .entrySet()) {
      Answer answer =
          gateway.send(
              gateway
                  .request(route.getKey())
                  .header("X-API-Key", "read-key")
                  .POST(BodyPublishers.noBody())
                  .build());

      assertRefused(answer, 403, "FORBIDDEN");
      assertThat(answer.body().at("/error/details/scope").asText()).isEqualTo(route.getValue());
    }
    Answer stats =
        gateway.send(gateway.request("/api/stats").header("X-API-Key", "join-key").GET().build());
    assertThat(stats.body().at("/error/details/scope").asText()).isEqualTo("stats");
  }

  @Test
  void a_viewer_route_wants_a_seat_or_a_key() {
    Answer answer =
        gateway.send(gateway.request("/api/viewer/leave").POST(BodyPublishers.noBody()).build());

    assertRefused(answer, 401, "UNAUTHORIZED");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "v1.k1.e30.AAAA", "v1.k1", ""})
  void what_is_no_seat_is_refused_wherever_it_is_shown(String seat) {
    Answer bearer = gateway.postSeat("/api/viewer/heartbeat", seat);
    assertRefused(bearer, 401, "UNAUTHORIZED");
    assertThat(bearer.reason()).isEqualTo("SEAT_INVALID");

    Answer body =
        gateway.send(
            gateway
                .request("/api/viewer/heartbeat")
                .header("Content-Type", "text/plain;charset=UTF-8")
                .POST(BodyPublishers.ofString("{\"seat\":\"" + seat + "\"}"))
                .build());
    assertRefused(body, 401, "UNAUTHORIZED");
    assertThat(body.reason()).isEqualTo("SEAT_INVALID");
  }
}
