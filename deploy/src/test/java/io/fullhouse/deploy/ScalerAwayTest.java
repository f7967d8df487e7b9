package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.SteppedScaler;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Ten minutes of a show without a scaler, by the log's clock and the gateway's. All else goes on
 * and is exact; the scaler that comes back does at once what is to be done, and no more.
 */
final class ScalerAwayTest {
  private static final int CAPACITY = GatewayHouse.CAPACITY;
  private static final Duration AWAY = Duration.ofMinutes(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);
  private static final Duration TICK = Duration.ofSeconds(2);

  /** After the fourth heartbeat that is missing, the silence is longer than 60 s. */
  private static final int MISSED = 4;

  private final GatewayHouse house = new GatewayHouse(Map.of("stageCapacity", "" + CAPACITY));
  private final Random dice = new Random(7);
  private SteppedScaler scaler = newScaler();

  /** Who counts: the oracle of every number. */
  private final Map<String, Viewer> viewers = new HashMap<>();

  private long logMillis;
  private int round;
  private int names;

  /**
   * One who is counted.
   *
   * @param silentSince the round from which on it is not heard; never, for the others
   */
  private record Viewer(String user, String seat, String stage, int silentSince) {
    Viewer silent(int since) {
      return new Viewer(user, seat, stage, since);
    }

    boolean isHeard() {
      return silentSince == Integer.MAX_VALUE;
    }
  }

  @AfterEach
  void close() {
    scaler.close();
    house.close();
  }

  private SteppedScaler newScaler() {
    await(house.redis.commands().del(house.keys.scalerLease()));
    return new SteppedScaler("scaler-" + System.nanoTime(), house.site(), house.time, point -> {});
  }

  @Test
  void a_scaler_that_was_away_catches_up_in_one_pass_and_does_nothing_rash() throws Exception {
    scaler.step();
    awaitOpen(1);
    joinUntil(9);
    awaitOpen(2);
    Set<String> before = tagged();
    scaler.close();

    long countsBefore = await(house.redis.commands().xlen(house.keys.counts()));
    for (round = 1; round <= AWAY.dividedBy(HEARTBEAT); round++) {
      heartbeats();
      somebodyLeaves();
      if (round % 3 == 0) {
        somebodyFallsSilent();
      }
      joins(2);
      if (round % 10 == 0) {
        countsOfOtherVersions();
        assertStatistics();
      }
      assertExact();
    }
    joins(2 * CAPACITY);
    assertExact();
    assertThat(viewers).as("it is full").hasSize(2 * CAPACITY);
    assertThat(tagged()).isEqualTo(before);
    assertThat(open()).hasSize(2);

    scaler = newScaler();
    SteppedScaler.CountsRead read = scaler.readCounts(house.site(), house.time);
    assertThat(read.known()).isGreaterThan(countsBefore + AWAY.dividedBy(HEARTBEAT));
    assertThat(read.steppedOver()).isEqualTo(3 * 3);
    assertThat(read.total()).isEqualTo(viewers.size());
    scaler.step();
    // 20 viewers are above the line of two stages, which is 16, and below that of three.
    assertThat(tagged()).hasSize(2).containsAll(before);
    assertNothingDrains();
    Set<String> after = tagged();
    scalerActs(5);

    assertThat(tagged()).isEqualTo(after);
    assertThat(open()).hasSize(3).containsAll(after);
    assertNothingDrains();
    assertExact();
    joins(1);
    assertThat(viewers).as("the next is seated").hasSize(2 * CAPACITY + 1);
    assertExact();
  }

  @Test
  void a_stage_where_somebody_stayed_is_there_when_the_scaler_comes_back() throws Exception {
    scaler.step();
    awaitOpen(1);
    joinUntil(9);
    awaitOpen(2);
    joinUntil(17);
    awaitOpen(3);
    joinUntil(20);
    Set<String> before = tagged();
    scaler.close();

    for (String stage : open()) {
      viewersOf(stage).stream().skip(1).forEach(this::leave);
    }
    for (round = 1; round <= AWAY.dividedBy(HEARTBEAT); round++) {
      heartbeats();
      assertExact();
    }
    assertThat(viewers).hasSize(3);
    scaler = newScaler();
    for (int pass = 0; pass < 5; pass++) {
      scalerActs(1);
      assertThat(tagged()).isEqualTo(before);
      assertExact();
    }
    assertThat(open()).contains(house.master);
  }

  /** As long as nothing happens but that. */
  private void scalerActs(int passes) throws InterruptedException {
    for (int pass = 0; pass < passes; pass++) {
      house.fold();
      house.time.advance(Duration.ofSeconds(1));
      scaler.step();
    }
  }

  private void awaitOpen(int stages) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              scalerActs(1);
              return open().size() == stages;
            });
  }

  private void joinUntil(int seated) {
    joins(seated - viewers.size());
    assertThat(viewers).hasSize(seated);
  }

  /** A join is refused when no seat is free, and only then. */
  private void joins(int number) {
    for (int i = 0; i < number; i++) {
      String user = "u" + names++;
      boolean free = viewers.size() < open().size() * CAPACITY;
      Answer answer = house.join(user);
      if (free) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        viewers.put(
            user,
            new Viewer(user, answer.text("seat"), answer.text("stageArn"), Integer.MAX_VALUE));
      } else {
        assertThat(answer.status()).as("%s", answer).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("STAGE_FULL");
      }
    }
  }

  private void somebodyLeaves() {
    leave(anybodyHeard());
  }

  private void leave(Viewer viewer) {
    assertThat(house.leave(viewer.seat()).status()).isEqualTo(200);
    viewers.remove(viewer.user());
    house.fold();
  }

  private void somebodyFallsSilent() {
    Viewer viewer = anybodyHeard();
    viewers.put(viewer.user(), viewer.silent(round));
  }

  private Viewer anybodyHeard() {
    List<Viewer> heard =
        viewers.values().stream()
            .filter(Viewer::isHeard)
            .sorted((one, other) -> one.user().compareTo(other.user()))
            .toList();
    return heard.get(dice.nextInt(heard.size()));
  }

  private List<Viewer> viewersOf(String stage) {
    return viewers.values().stream().filter(viewer -> viewer.stage().equals(stage)).toList();
  }

  /** Time passes, all are heard but the silent, and who was silent too long is gone. */
  private void heartbeats() {
    pass(HEARTBEAT);
    for (Viewer viewer : viewers.values()) {
      if (viewer.isHeard()) {
        Answer beat = house.beat(viewer.seat());
        assertThat(beat.next()).as("%s", beat).isEqualTo("continue");
        assertThat(beat.data().path("heartbeatUpdated").asBoolean()).isTrue();
      }
    }
    house.fold();
    house.sweep();
    viewers.values().removeIf(viewer -> viewer.silentSince() <= round - MISSED);
  }

  /** The clock of the gateway, and that of the log, which only ticks move. */
  private void pass(Duration time) {
    String gateway =
        await(house.redis.commands().hkeys(house.keys.fold())).stream()
            .filter(name -> name.startsWith("gateway:"))
            .findFirst()
            .orElseThrow()
            .substring("gateway:".length());
    logMillis = Math.max(logMillis, System.currentTimeMillis());
    for (int tick = 0; tick < time.dividedBy(TICK); tick++) {
      logMillis += TICK.toMillis();
      await(
          house
              .redis
              .commands()
              .xadd(
                  house.keys.events(),
                  new XAddArgs().id(logMillis + "-*"),
                  (Object[]) "t tick s  u %s p  v 1".formatted(gateway).split(" ", -1)));
    }
    house.time.advance(time);
  }

  /** As folds that are not neighbours might write them. */
  private void countsOfOtherVersions() {
    for (String version : List.of("3", "9", "x")) {
      await(
          house
              .redis
              .commands()
              .xadd(
                  house.keys.counts(),
                  (Object[]) new String[] {"v", version, "at", "1-1", "total", "1000000"}));
    }
  }

  private void assertExact() {
    assertThat(house.total()).isEqualTo(viewers.size());
    for (String stage : open()) {
      assertThat(house.taken(stage)).isEqualTo(viewersOf(stage).size());
      assertThat(house.taken(stage)).isLessThanOrEqualTo(CAPACITY);
    }
  }

  private void assertStatistics() {
    house.fold();
    Awaitility.await()
        .untilAsserted(
            () -> {
              JsonNode stats = house.get("/api/stats").data();
              assertThat(stats.path("totalViewers").asInt(-1)).isEqualTo(viewers.size());
              stats
                  .path("stages")
                  .forEach(
                      stage ->
                          assertThat(stage.path("viewerCount").asInt(-1))
                              .isEqualTo(viewersOf(stage.path("stageArn").asText()).size()));
            });
  }

  private void assertNothingDrains() {
    assertThat(await(house.redis.commands().zcard(house.keys.stagesClosing()))).isZero();
    await(house.redis.commands().hvals(house.keys.scalerFleet()))
        .forEach(
            json ->
                assertThat(StageMetadata.fromJson(json).orElseThrow().state())
                    .isIn(StageMetadata.CREATING, StageMetadata.ACTIVE));
  }

  private List<String> open() {
    return new ArrayList<>(await(house.redis.commands().zrange(house.keys.stages(), 0, -1)));
  }

  /** Ours in IVS, without the master. */
  private Set<String> tagged() {
    Set<String> tagged = new HashSet<>();
    for (JsonNode stage : house.stages()) {
      if (stage.path("tags").has("fullhouse:master")) {
        tagged.add(stage.path("arn").asText());
      }
    }
    return tagged;
  }
}
