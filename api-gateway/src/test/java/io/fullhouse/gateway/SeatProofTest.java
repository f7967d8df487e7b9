package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.auth.SeatOffice;
import io.fullhouse.gateway.auth.SeatSecrets;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is shown instead of one's own seat changes nothing. */
@ExtendWith(GatewayExtension.class)
final class SeatProofTest {
  private static final List<String> ROUTES =
      List.of("/api/viewer/heartbeat", "/api/viewer/leave", "/api/viewer/rejoin");

  private final RunningGateway gateway;
  private final RedisView view;

  SeatProofTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  private JsonNode join(String user) {
    return gateway.post("/api/token/viewer", "{\"userId\":\"" + user + "\"}").data();
  }

  private static String signed(String secrets, String broadcast, Instant issued) {
    SeatSecrets parsed = SeatSecrets.parse(secrets);
    Duration life = Duration.ofHours(12);
    return new SeatOffice(() -> parsed, new BroadcastId(broadcast), life, () -> issued)
        .write(
            new Seat(
                new BroadcastId(broadcast),
                new UserId("victim"),
                new StageArn(MASTER),
                new ParticipantId("p"),
                new AdmissionId("0123456789abcdefg"),
                issued,
                issued.plus(life),
                issued.plus(life),
                Map.of()));
  }

  /** With another user in the claims, under the signature of the genuine one. */
  private static String withOtherClaims(String seat) {
    String[] parts = seat.split("\\.", -1);
    String claims =
        new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8)
            .replace("\"user\":\"u\"", "\"user\":\"victim\"");
    return parts[0]
        + "."
        + parts[1]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[3];
  }

  @Test
  void a_seat_that_is_forged_truncated_expired_or_foreign_leaves_no_event() {
    String seat = join("u").path("seat").asText();
    String secret = "k1:0123456789abcdef";
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put(withOtherClaims(seat), "SEAT_INVALID");
    refused.put(seat.substring(0, seat.length() - 1), "SEAT_INVALID");
    refused.put(seat.substring(0, seat.lastIndexOf('.')), "SEAT_INVALID");
    refused.put(seat + "A", "SEAT_INVALID");
    refused.put(seat.toUpperCase(Locale.ROOT), "SEAT_INVALID");
    refused.put(signed("k1:another-secret", "main", Instant.now()), "SEAT_INVALID");
    refused.put(signed("k9:0123456789abcdef", "main", Instant.now()), "SEAT_INVALID");
    refused.put(signed(secret, "main", Instant.now().minus(Duration.ofHours(13))), "SEAT_EXPIRED");
    refused.put(signed(secret, "other", Instant.now()), "SEAT_FOREIGN");
    List<Map<String, String>> before = view.entries();
    List<String> keys = view.everyKey();

    refused.forEach(
        (shown, reason) -> {
          for (String route : ROUTES) {
            Answer bearer = gateway.postSeat(route, shown);
            Answer inBody = postText(route, "{\"seat\":\"" + shown + "\"}");
            for (Answer answer : List.of(bearer, inBody)) {
              boolean foreign = reason.equals("SEAT_FOREIGN");
              assertRefused(answer, foreign ? 403 : 401, foreign ? "FORBIDDEN" : "UNAUTHORIZED");
              assertThat(answer.reason()).isEqualTo(reason);
              assertThat(answer.body().toString()).doesNotContain("victim", shown);
            }
          }
        });

    assertThat(view.entries()).isEqualTo(before);
    assertThat(view.everyKey()).isSubsetOf(keys); // the token budget's goes by itself
  }

  @Test
  void a_body_that_contradicts_the_seat_is_refused_and_leaves_no_event() {
    String seat = join("u").path("seat").asText();
    List<Map<String, String>> before = view.entries();

    for (String contradiction :
        List.of(
            "\"userId\":\"victim\"",
            "\"participantId\":\"another\"",
            "\"stageArn\":\"" + MASTER + "x\"")) {
      for (String route : ROUTES) {
        Answer answer = postText(route, "{\"seat\":\"" + seat + "\"," + contradiction + "}");
        assertRefused(answer, 403, "FORBIDDEN");
        assertThat(answer.reason()).isEqualTo("SEAT_FOREIGN");
      }
    }
    assertThat(view.entries()).isEqualTo(before);
  }

  @Test
  void a_seat_replayed_after_its_viewer_left_or_was_superseded_brings_nobody_in() {
    String old = join("u").path("seat").asText();
    String current = join("u").path("seat").asText();
    double taken = view.taken(MASTER);

    Answer superseded = gateway.postSeat("/api/viewer/heartbeat", old);
    assertThat(superseded.data().path("heartbeatUpdated").asBoolean(true)).isFalse();
    assertThat(superseded.data().at("/next/action").asText()).isEqualTo("stop");
    gateway.postSeat("/api/viewer/leave", old);
    assertThat(
            gateway.postSeat("/api/viewer/heartbeat", current).data().at("/next/action").asText())
        .isEqualTo("continue");
    assertThat(view.taken(MASTER)).isEqualTo(taken);
    assertThat(view.entries().stream().filter(entry -> "join".equals(entry.get("t")))).hasSize(2);
  }

  private Answer postText(String route, String body) {
    return gateway.send(
        gateway
            .request(route)
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString(body))
            .build());
  }
}
