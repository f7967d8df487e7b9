package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.MortalScalers.Interruption;
import io.fullhouse.deploy.MortalScalers.Killed;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.scaler.SteppedScaler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
  private final MortalScalers scalers = new MortalScalers(house);

  /** What was in Redis when a scaler that had been frozen went on: it is not to write. */
  private Optional<String> written = Optional.empty();

  @AfterEach
  void close() {
    scalers.close();
    house.close();
  }

  /** The next one is started then, or stood by and knows what it saw when it acted before. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 4"})
  void every_step_may_be_the_last_of_a_scaler(int alive, int each) {
    scalers.alive(alive);
    int all = evening(Interruption.NONE);
    assertThat(all).isGreaterThan(20);
    for (int last = 1; last <= all; last += each) {
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
    System.out.printf("FaultPointsTest: %d alive, killed at %d points%n", alive, all / each);
  }

  @Test
  void every_step_may_be_held_up_until_another_scaler_has_acted() {
    int all = evening(Interruption.NONE);
    for (int held = 1; held <= all; held++) {
      int frozen = held;
      evening(
          point -> {
            if (point == frozen) {
              SteppedScaler sleeper = scalers.acting();
              scalers.another();
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
      scalers.patience(SHORT_PATIENCE);
    }
    String how = status == 0 ? "" : ",\"status\":%d,\"type\":\"%s\"".formatted(status, type);
    for (String operation : OPERATIONS) {
      house.simulator(
          "POST",
          "/_sim/faults",
          "{\"op\":\"%s\",\"kind\":\"%s\",\"times\":%d%s}"
              .formatted(operation, kind, ATTEMPTS_OF_THE_SDK, kind.equals("error") ? how : ""));
    }
    evening(Interruption.NONE);
    assertThat(house.simulator("GET", "/_sim/faults", "").path("faults"))
        .as("each has struck")
        .allMatch(fault -> fault.path("times").asInt() < ATTEMPTS_OF_THE_SDK);
  }

  /** By hand, or by a metadata key's own time to live. */
  @Test
  void what_somebody_takes_away_of_a_stage_is_back_in_one_pass() {
    scalers.startAfresh(Interruption.NONE);
    until("the master is open", () -> house.open().containsKey(house.master()));
    join(0, 45);
    until("a second stage is open", () -> house.open().size() == 2);
    join(45, 60);
    StageArn stage = house.tagged().iterator().next();
    Map<StageArn, Long> before = house.open();
    StageMetadata known = house.metadata(stage).orElseThrow();
    var commands = house.redis().commands();
    List<Supplier<CompletionStage<Long>>> losses =
        List.of(
            () -> commands.del(house.keys().stageMetadata(stage)),
            () -> commands.zrem(house.keys().stages(), stage.value()),
            () -> commands.hdel(house.keys().scalerFleet(), stage.value()),
            () -> commands.del(house.keys().stages(), house.keys().scalerFleet()));
    for (Supplier<CompletionStage<Long>> loss : losses) {
      assertThat(RedisAnswer.await(loss.get())).isPositive();
      pass();
      pass(); // what was adopted is opened
      assertThat(house.open()).isEqualTo(before);
      StageMetadata again = house.metadata(stage).orElseThrow();
      assertThat(again.state()).isEqualTo(StageMetadata.ACTIVE);
      assertThat(again.createdAt()).isEqualTo(known.createdAt());
      assertThat(house.tagged()).containsExactly(stage);
    }
  }

  /**
   * From the first viewer to the last.
   *
   * @return how many points it had
   */
  private int evening(Interruption what) {
    scalers.startAfresh(what);
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
    return scalers.points();
  }

  private StageArn fullest() {
    Map<StageArn, Long> taken = house.open();
    return Collections.max(
        house.tagged(), Comparator.comparing(stage -> taken.getOrDefault(stage, 0L)));
  }

  private void leaveAllBut(StageArn stage, int staying) {
    List<String> leaving = new ArrayList<>();
    int stayed = 0;
    for (int i = 0; i < 85; i++) {
      String user = "u" + i;
      if (stayed < staying && house.isOn(user, stage)) {
        stayed++;
      } else if (house.isSeated(user)) {
        leaving.add(user);
      }
    }
    house.leaveAll(leaving);
  }

  private Set<StageArn> seenOn(JsonNode publisher) {
    return new HashSet<>(house.replicasOf(publisher));
  }

  private void join(int from, int to) {
    house.joinAll(IntStream.range(from, to).mapToObj(i -> "u" + i).toList());
    house.count();
  }

  private void pass() {
    scalers.pass();
    written.ifPresent(
        state -> assertThat(house.written()).as("at point %d", scalers.points()).isEqualTo(state));
    written = Optional.empty();
    assertNobodyIsCutOff();
  }

  private void until(String what, BooleanSupplier reached) {
    Awaitility.await("%s, at point %d".formatted(what, scalers.points()))
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
    FleetHouse.Stages stages = house.stages();
    Set<StageArn> there = new HashSet<>(stages.tagged());
    there.add(house.master());
    assertThat(there).as("at point %d", scalers.points()).containsAll(house.stagesOfAudience());
    assertThat(stages.foreignIsThere()).isTrue();
    assertThat(there.size()).as("stages at point %d", scalers.points()).isLessThanOrEqualTo(4);
  }
}
