package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.scaler.SteppedScaler;
import io.fullhouse.testing.MutableTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An evening of a fleet, again and again, and each time another step is the last of the scaler that
 * takes it, or holds it up until others have acted. Whatever step it is: nobody is cut off, no
 * stage is left over or made twice, and what is registered is what there is.
 */
final class FaultPointsTest {
  private static final Duration PASS = Duration.ofSeconds(5);

  /** Until what IVS refused is tried again; the passes themselves are quicker. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  private static final List<String> OPERATIONS =
      List.of(
          "CreateStage",
          "DeleteStage",
          "GetStage",
          "ListStages",
          "StartParticipantReplication",
          "StopParticipantReplication",
          "ListParticipantReplicas");
  private static final int ATTEMPTS_OF_THE_SDK = 3;

  /** Of a scaler that IVS never answers. */
  private static final Duration SHORT_PATIENCE = Duration.ofMillis(300);

  private final FleetHouse house = new FleetHouse();

  /** Runs faster than Redis's, and never comes up with it: no stage is made in the future. */
  private final MutableTime time = MutableTime.fromNow();

  private final List<SteppedScaler> scalers = new ArrayList<>();
  private Duration patience = Duration.ofSeconds(2);
  private Interruption interruption = point -> {};

  /** What was in Redis when a scaler that had been frozen went on: it is not to write. */
  private Optional<String> written = Optional.empty();

  private final AtomicInteger points = new AtomicInteger();

  /** What happens to the scaler at a point. */
  private interface Interruption {
    void at(int point);
  }

  /** A process that was killed does nothing any more, not even fail. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  FaultPointsTest() {
    time.advance(Duration.ofDays(-10));
  }

  @AfterEach
  void close() {
    scalers.forEach(SteppedScaler::close);
    house.close();
  }

  @Test
  void every_step_may_be_the_last_of_a_scaler() {
    int all = evening(point -> {});
    assertThat(all).isGreaterThan(20);
    for (int last = 1; last <= all; last++) {
      int killed = last;
      boolean[] dead = {false};
      evening(
          point -> {
            if (point == killed) {
              dead[0] = true;
              throw new Killed();
            }
          });
      assertThat(dead[0]).as("killed at %d", killed).isTrue();
    }
    System.out.printf("FaultPointsTest: killed at each of %d points%n", all);
  }

  @Test
  void every_step_may_be_held_up_until_another_scaler_has_acted() {
    int all = evening(point -> {});
    for (int held = 1; held <= all; held++) {
      int frozen = held;
      evening(
          point -> {
            if (point == frozen) {
              SteppedScaler sleeper = scalers.get(0);
              lapse();
              scalers.add(0, newScaler());
              for (int pass = 0; pass < 3; pass++) {
                pass();
              }
              sleeper.sleptLong();
              written = Optional.of(house.written());
            }
          });
    }
    System.out.printf("FaultPointsTest: frozen at each of %d points%n", all);
  }

  @ParameterizedTest
  @CsvSource({
    "error, 402, ServiceQuotaExceededException",
    "error, 403, AccessDeniedException",
    "error, 409, ConflictException",
    "error, 500, InternalServerException",
    "throttle, 429, ThrottlingException",
    "lost-answer, 0, -",
    "hang, 0, -"
  })
  void every_call_may_come_to_nothing_at_first(String kind, int status, String type) {
    if (kind.equals("hang")) {
      patience = SHORT_PATIENCE;
    }
    String how = status == 0 ? "" : ",\"status\":%d,\"type\":\"%s\"".formatted(status, type);
    for (String operation : OPERATIONS) {
      house.simulator(
          "POST",
          "/_sim/faults",
          "{\"op\":\"%s\",\"kind\":\"%s\",\"times\":%d%s}"
              .formatted(operation, kind, ATTEMPTS_OF_THE_SDK, kind.equals("error") ? how : ""));
    }
    evening(point -> {});
    assertThat(house.simulator("GET", "/_sim/faults", "").path("faults"))
        .as("each has struck")
        .allMatch(fault -> fault.path("times").asInt() < ATTEMPTS_OF_THE_SDK);
  }

  /**
   * From the first viewer to the last.
   *
   * @return how many points it had
   */
  private int evening(Interruption what) {
    house.startAfresh();
    scalers.forEach(SteppedScaler::close);
    scalers.clear();
    points.set(0);
    interruption = what;
    scalers.add(newScaler());

    until("the master is open", () -> house.open().containsKey(house.master()));
    join(0, 45);
    until("a second stage is open", () -> house.open().size() == 2);
    JsonNode publisher = house.publish();
    house.publisherIsLive(publisher.path("participantId").asText(), "ivs");
    until(
        "it shows the publisher",
        () -> seenOn(publisher).equals(house.tagged()) && house.open().size() == 2);
    join(45, 85);
    until("a third is open", () -> house.open().size() == 3);
    StageArn last = fullest();
    leaveAllBut(last, 3);
    until("the others are gone", () -> house.tagged().equals(Set.of(last)));
    leaveAllBut(last, 0);
    until("all are gone", () -> house.tagged().isEmpty());
    assertThat(house.open()).containsOnlyKeys(house.master());
    assertThat(seenOn(publisher)).isEmpty();
    house.steer("leave", publisher);
    return points.get();
  }

  private StageArn fullest() {
    Map<StageArn, Long> taken = house.open();
    return Collections.max(
        house.tagged(), Comparator.comparing(stage -> taken.getOrDefault(stage, 0L)));
  }

  private void leaveAllBut(StageArn stage, int staying) {
    int stayed = 0;
    for (int i = 0; i < 85; i++) {
      String user = "u" + i;
      if (stayed < staying && house.isOn(user, stage)) {
        stayed++;
      } else if (house.isSeated(user)) {
        house.leave(user);
      }
    }
  }

  private Set<StageArn> seenOn(JsonNode publisher) {
    return new HashSet<>(house.replicasOf(publisher));
  }

  private void join(int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(house.join("u" + i)).isPresent();
    }
    house.count();
  }

  private SteppedScaler newScaler() {
    AtomicBoolean dead = new AtomicBoolean();
    return new SteppedScaler(
        "scaler-" + System.nanoTime(),
        house.site(PASS).withPatience(patience),
        time,
        point -> {
          if (dead.get()) {
            throw new Killed(); // all its threads are
          }
          try {
            interruption.at(points.incrementAndGet());
          } catch (Killed e) {
            dead.set(true);
            throw e;
          }
        });
  }

  private void lapse() {
    RedisAnswer.await(house.redis().commands().del(house.keys().scalerLease()));
  }

  private void pass() {
    house.count();
    time.advance(PASS);
    SteppedScaler acting = scalers.get(0);
    try {
      acting.step();
    } catch (Killed e) {
      replace(acting);
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof Killed)) {
        throw e;
      }
      replace(acting);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    written.ifPresent(
        state -> assertThat(house.written()).as("at point %s", points).isEqualTo(state));
    written = Optional.empty();
    assertNobodyIsCutOff();
  }

  private void replace(SteppedScaler dead) {
    lapse();
    scalers.remove(dead);
    dead.close();
    scalers.add(0, newScaler());
  }

  private void until(String what, BooleanSupplier reached) {
    Awaitility.await("%s, at point %s".formatted(what, points))
        .atMost(BOUND)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .pollInSameThread()
        .until(
            () -> {
              pass();
              return reached.getAsBoolean();
            });
  }

  private void assertNobodyIsCutOff() {
    Set<StageArn> there = new HashSet<>(house.tagged());
    there.add(house.master());
    assertThat(there).as("at point %s", points).containsAll(house.stagesOfAudience());
    assertThat(house.foreignStageIsThere()).isTrue();
    assertThat(there.size()).as("stages at point %s", points).isLessThanOrEqualTo(4);
  }
}
