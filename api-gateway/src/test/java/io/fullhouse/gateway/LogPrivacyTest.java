package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.testing.EventClient;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A busy day, good and bad, in the log: participants and admissions, never who it was. */
final class LogPrivacyTest {
  private static final String USER = "mrs-marple-77@example.org";
  private static final String PUBLISHER = "hercule-poirot-66";
  private static final String WRONG_KEY = "key-that-is-none";

  @Test
  void no_user_and_nothing_secret_is_ever_logged() {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.list = Collections.synchronizedList(new ArrayList<>());
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("io.fullhouse");
    Level before = ours.getLevel();
    List<String> secrets = new ArrayList<>();
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
        RedisView view = new RedisView(redis.uri());
        StubIvs ivs = new StubIvs();
        RunningGateway gateway =
            RunningGateway.start(
                redis.uri(),
                ivs,
                Map.of(
                    "rateLimits", "join=3/h,beat=2/h",
                    "token.userId", "plain",
                    "seatSecrets", "k1:the-seat-secret-of-this-test"))) {
      ours.setLevel(Level.DEBUG);
      logged.start();
      root.addAppender(logged); // only now: a start sets up the log anew
      view.open(MASTER);
      view.live();
      ivs.givesTokens();
      secrets.addAll(busyDay(gateway, ivs));
      redis.stop();
      gateway.post("/api/token/viewer", user(USER));
      gateway.postSeat("/api/viewer/heartbeat", secrets.get(1));
    } finally {
      root.detachAppender(logged);
      ours.setLevel(before);
    }
    secrets.addAll(
        List.of(
            USER,
            "marple",
            PUBLISHER,
            WRONG_KEY,
            RunningGateway.KEY,
            RunningGateway.INTERNAL_SECRET,
            "the-seat-secret-of-this-test",
            "Bearer "));
    List<String> lines = logged.list.stream().map(LogPrivacyTest::text).toList();
    assertThat(lines).hasSizeGreaterThan(5);
    assertThat(lines.toString())
        .contains("has a publisher token", "IVS gave no token", "Redis does not do its part");
    assertThat(secrets).hasSizeGreaterThan(10).doesNotContain("");
    for (String line : lines) {
      assertThat(line).doesNotContain(secrets);
    }
  }

  private static String text(ILoggingEvent event) {
    return event.getFormattedMessage()
        + event.getMDCPropertyMap()
        + (event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy()));
  }

  /** Whatever there is to do, and to do wrong. Answers the tokens and seats that were given. */
  private static List<String> busyDay(RunningGateway gateway, StubIvs ivs) {
    List<String> given = new ArrayList<>();
    JsonNode publisher = gateway.post("/api/token/publisher", user(PUBLISHER)).data();
    JsonNode joined = gateway.post("/api/token/viewer", user(USER)).data();
    String seat = joined.path("seat").asText();
    given.add(joined.path("token").asText() + ".");
    given.add(seat);
    given.add(publisher.path("token").asText() + ".");
    for (String path : List.of("heartbeat", "heartbeat", "heartbeat", "rejoin", "leave")) {
      gateway.postSeat("/api/viewer/" + path, seat);
      gateway.postSeat("/api/viewer/" + path, seat + "x");
    }
    String named =
        "{\"userId\":\"" + USER + "\",\"stageArn\":\"" + MASTER + "\",\"participantId\":\"p\"}";
    for (String path : List.of("heartbeat", "rejoin", "leave", "ban", "kick")) {
      gateway.post("/api/viewer/" + path, named);
    }
    gateway.post("/api/token/viewer", user(USER)); // banned, or too often
    gateway.send(
        gateway
            .request("/api/token/viewer")
            .header("X-API-Key", WRONG_KEY)
            .header("Authorization", "Bearer " + seat)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(user(USER)))
            .build());
    mediaServer(gateway);
    String ticket = gateway.post("/api/ticket", "").data().path("ticket").asText();
    given.add(ticket);
    gateway.send(gateway.request("/ws?ticket=" + ticket).GET().build());
    try (EventClient client = EventClient.open(gateway.uri("/api/stats/stream?ticket=" + ticket))) {
      client.head();
    }
    gateway.send(gateway.request("/api/stats/stream?ticket=" + ticket).GET().build());
    gateway.get("/api/viewer/bans");
    gateway.get("/api/stats");
    gateway.post("/api/token/publisher-all", user(PUBLISHER));
    ivs.answers(
        400,
        "ValidationException",
        "{\"exceptionMessage\":\"userId '" + USER + "2' is not what I like\"}");
    gateway.post("/api/token/viewer", user(USER + "2"));
    gateway.post("/api/token/viewer", user(USER));
    ivs.answers(500, "InternalServerException", "{}");
    Answer failed = gateway.post("/api/token/publisher", user(PUBLISHER));
    assertThat(failed.status()).isEqualTo(502);
    gateway.post("/api/publisher/offline", "");
    return given;
  }

  private static void mediaServer(RunningGateway gateway) {
    HttpRequest.Builder request =
        gateway
            .request("/api/token/mediaserver")
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"serverId\":\"marple-mixer\",\"stageArn\":\"" + MASTER + "\"}"));
    gateway.send(request.header("x-internal-secret", RunningGateway.INTERNAL_SECRET).build());
    gateway.send(request.setHeader("x-internal-secret", WRONG_KEY).build());
  }

  private static String user(String user) {
    return "{\"userId\":\"" + user + "\"}";
  }
}
