package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.deploy.GatewayClient.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * One viewer with its application's backend: joins by key, then speaks by its seat. Repeats what
 * was not accepted, and knows from the answers alone whether it must be counted. Not thread-safe:
 * one thing at a time, as a client does.
 */
final class SimulatedViewer {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final int UNAVAILABLE = 503;
  private static final int NOT_ANSWERED = 0;

  private final GatewayClient gateway;
  private final String user;
  private String seat = "";
  private String stage = "";
  private String offered = "";
  private boolean counted;

  SimulatedViewer(GatewayClient gateway, String user) {
    this.gateway = gateway;
    this.user = user;
  }

  /** Whether it must be counted, by what it was told. */
  boolean counted() {
    return counted;
  }

  /** Where it was when it was last answered. */
  String stage() {
    return stage;
  }

  /** Whether it was told of a place elsewhere and is on its way there. */
  boolean isMoving() {
    return !offered.isEmpty();
  }

  /** The answer with its new place never reached it. */
  void forgetOffer() {
    offered = "";
  }

  boolean hasSeat() {
    return !seat.isEmpty();
  }

  /** A new presence; supersedes an older one. */
  void join() {
    joined(accepted(this::tryJoin));
  }

  /** Likewise, on this stage if it has a seat. */
  void join(String wanted) {
    Map<String, String> body = Map.of("userId", user, "stageArn", wanted);
    joined(accepted(() -> gateway.post("/api/token/viewer", body)));
  }

  private void joined(Answer answer) {
    seat = answer.data("seat").asText();
    stage = answer.data("stageArn").asText();
    counted = true;
    assertThat(seat).as("%s", answer).isNotEmpty();
    assertThat(answer.data("totalViewers").asLong()).as("%s", answer).isPositive();
  }

  /** The same presence once more, also after a leave. */
  void rejoin() {
    Answer answer = accepted(() -> bySeat("rejoin"));
    seat = answer.data("seat").asText();
    stage = answer.data("stageArn").asText();
    counted = true;
    assertThat(seat).as("%s", answer).isNotEmpty();
  }

  void leave() {
    Answer answer = accepted(() -> bySeat("leave"));
    counted = false;
    assertThat(answer.data("viewerLeft").asBoolean()).as("%s", answer).isTrue();
  }

  /** Does what the answer says; a move takes it until its next heartbeat, from the new stage. */
  void heartbeat() {
    if (isMoving()) {
      seat = offered;
      offered = "";
    }
    Answer answer = accepted(this::tryHeartbeat);
    stage = answer.data("stageArn").asText();
    String next = answer.data("next").path("action").asText();
    if (counted && next.equals("move")) {
      offered = answer.data("next").path("seat").asText();
      assertThat(answer.data("heartbeatUpdated").asBoolean()).as("%s", answer).isTrue();
    } else if (!counted) {
      // A leave that is not folded yet still lets its heartbeat pass.
      assertThat(next).as("%s", answer).isIn("stop", "continue");
    } else if (next.equals("rejoin")) {
      rejoin();
    } else {
      assertThat(next).as("%s", answer).isEqualTo("continue");
      assertThat(answer.data("heartbeatUpdated").asBoolean()).as("%s", answer).isTrue();
    }
  }

  /** One attempt, whatever comes of it. */
  Answer tryHeartbeat() throws InterruptedException {
    return bySeat("heartbeat");
  }

  /** Likewise; what it may have changed is settled by {@link #join}. */
  Answer tryJoin() throws InterruptedException {
    return gateway.post("/api/token/viewer", Map.of("userId", user));
  }

  private Answer bySeat(String action) throws InterruptedException {
    return gateway.post("/api/viewer/" + action, Map.of("seat", seat));
  }

  /** What is refused for a while comes again: intake stopped, or the gateway gone. */
  private static Answer accepted(Callable<Answer> attempt) {
    return await()
        .pollDelay(Duration.ZERO)
        .pollInterval(RETRY)
        .atMost(PATIENCE)
        .until(
            () -> {
              Answer answer = attempt.call();
              assertThat(answer.status()).as("%s", answer).isIn(200, UNAVAILABLE, NOT_ANSWERED);
              return answer;
            },
            Answer::isOk);
  }
}
