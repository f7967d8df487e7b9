package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.gateway.GatewayApplication;
import io.fullhouse.testing.EventClient;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.TiedProcess;
import io.lettuce.core.ScriptOutputType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway is killed while its viewers move; another one goes on with them. */
final class GatewayKilledTest {
  private static final String STREAM = "/api/stats/stream";
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final GatewayHouse house =
      new GatewayHouse(Map.of("stageCapacity", "" + GatewayHouse.CAPACITY));
  private final URI other = URI.create("http://127.0.0.1:" + FreePort.find());
  private final TiedProcess killed = startGateway();

  @AfterEach
  void close() {
    killed.close();
    house.close();
  }

  @Test
  void whoever_was_on_the_move_keeps_a_seat_and_no_seat_is_left_over() {
    String told = house.seat("told");
    String unheard = house.seat("unheard");
    String waiting = house.seat("waiting");
    String leaving = house.seat("leaving");
    house.fold();
    house.open(house.second);
    house.drain(house.master);
    EventClient live = watch(other.resolve(STREAM));
    soon().until(() -> !live.numbers().isMissingNode());
    tell("Stage Draining", house.master);
    soon().until(() -> told(live).equals(List.of("draining")));

    JsonNode offer = offered(told);
    offered(unheard); // but the answer is lost with the gateway
    offered(leaving);
    assertThat(house.taken(house.second)).isEqualTo(3);
    house.fault("{\"op\":\"CreateParticipantToken\",\"kind\":\"hang\",\"times\":1}");
    CompletableFuture<Answer> cut = CompletableFuture.supplyAsync(() -> house.beat(other, waiting));
    soon().until(() -> house.simulated("/_sim/faults").path("faults").isEmpty());
    killed.kill();
    assertThat(cut).failsWithin(BOUND);
    soon().until(live::ended);
    tell("Stage Closed", house.master);
    tell("Stage Opened", house.second);
    assertThat(house.taken(house.second)).as("the place is held").isEqualTo(4);
    assertThat(house.total()).isEqualTo(4);

    assertThat(house.beat(offer.path("seat").asText()).next()).isEqualTo("continue");
    for (String seat : List.of(unheard, waiting)) {
      soon().until(() -> house.beat(seat).next().equals("move stage-draining"));
      JsonNode again = house.beat(seat).data().path("next");
      assertThat(again.path("stageArn").asText()).isEqualTo(house.second);
      assertThat(house.beat(again.path("seat").asText()).next()).isEqualTo("continue");
    }
    assertThat(house.leave(leaving).status()).isEqualTo(200);

    assertThat(house.total()).isEqualTo(3);
    try (EventClient again =
        watch(URI.create(house.address(STREAM)), "Last-Event-ID", live.lastId())) {
      soon().until(() -> again.numbers().path("totalViewers").asInt(-1) == 3);
      assertThat(told(again)).containsExactly("deleted", "created");
    }
    placesLapse();
    assertThat(house.taken(house.second)).isEqualTo(3);
    assertThat(await(house.redis.commands().hlen(house.keys.viewerReserved()))).isZero();
    assertThat(house.stage(house.master, "closed")).isEqualTo("closed");
    for (String user : List.of("told", "unheard", "waiting")) {
      assertThat(await(house.redis.commands().hget(house.keys.viewerSeat(), user)))
          .isEqualTo(house.second);
    }
  }

  private static EventClient watch(URI stream, String... headers) {
    List<String> all = new ArrayList<>(List.of("X-API-Key", GatewayHouse.KEY));
    all.addAll(List.of(headers));
    return EventClient.open(stream, all.toArray(String[]::new));
  }

  private static List<String> told(EventClient client) {
    return client.events("stage").stream().map(EventClient.Event::type).toList();
  }

  /** As the scaler does. */
  private void tell(String type, String stage) {
    String notice = "{\"type\":\"%s\",\"data\":{\"stageArn\":\"%s\"}}".formatted(type, stage);
    await(house.redis.commands().xadd(house.keys.notices(), Map.of("notice", notice, "taken", "")));
  }

  /** By the gateway that will be killed, as soon as it has seen that the stage drains. */
  private JsonNode offered(String seat) {
    soon().until(() -> house.beat(other, seat).next().equals("move stage-draining"));
    return house.beat(other, seat).data().path("next");
  }

  /** After longer than any place is held. */
  private void placesLapse() {
    long now = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
    await(
        SeatScripts.load()
            .sweep()
            .run(
                house.redis.commands(),
                ScriptOutputType.MULTI,
                house.keys,
                "" + now,
                "500",
                "60000",
                "0.2",
                "5",
                "600000"));
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(BOUND).pollInterval(Duration.ofMillis(20));
  }

  private TiedProcess startGateway() {
    ServiceArchives.make();
    Map<String, String> environment = new HashMap<>();
    environment.put("FULLHOUSE_MODE", "development");
    environment.put("REDIS_URL", house.server.uri());
    environment.put("MASTER_STAGE_ARN", house.master);
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ENDPOINT_URL_IVS_REALTIME", house.ivsUri().toString());
    environment.put("API_KEYS", "house:" + GatewayHouse.KEY);
    environment.put("SEAT_SECRETS", GatewayHouse.SEAT_SECRETS);
    environment.put("STAGE_CAPACITY", "" + GatewayHouse.CAPACITY);
    environment.put("JOIN_BEFORE_LIVE", "true");
    environment.put("RATE_LIMITS", "off"); // hours pass in seconds
    environment.put("IVS_TOKENS_PER_SECOND", "10000");
    environment.put("HTTP_PORT", "" + other.getPort());
    environment.put("ADMIN_PORT", "" + FreePort.find());
    TiedProcess process =
        TiedProcess.start(
            JavaCommand.of(GatewayApplication.class, "server", "config/gateway.yml"),
            environment,
            Path.of("."),
            line -> {});
    soon().ignoreExceptions().until(() -> house.isReady(other));
    return process;
  }
}
