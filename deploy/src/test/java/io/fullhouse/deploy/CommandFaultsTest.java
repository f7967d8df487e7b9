package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.deploy.MortalScalers.Interruption;
import io.fullhouse.deploy.MortalScalers.Killed;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What operators want done by hand, again and again, and each time another step is the last of the
 * scaler that is at it. Whatever step it is: the next one brings it to its end, once.
 */
final class CommandFaultsTest {
  private static final int PASSES = 30;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FleetHouse house = new FleetHouse();
  private final MortalScalers scalers = new MortalScalers(house, Duration.ofMinutes(1));

  @AfterEach
  void close() {
    scalers.close();
    house.close();
  }

  @Test
  void the_next_scaler_ends_what_a_killed_one_began() {
    int all = commands(Interruption.NONE);
    assertThat(all).isGreaterThan(20);
    for (int last = 1; last <= all; last++) {
      int killed = last;
      boolean[] dead = {false};
      commands(
          point -> {
            if (point == killed) {
              dead[0] = true;
              throw new Killed();
            }
          });
      assertThat(dead[0]).as("killed at %d", killed).isTrue();
    }
    System.out.printf("CommandFaultsTest: killed at each of %d points%n", all);
  }

  /**
   * A stage is made, renamed, kept for its viewer, drained; another one is made and deleted.
   *
   * @return how many points it had
   */
  private int commands(Interruption what) {
    scalers.startAfresh(what);
    until("the master is open", () -> house.open().containsKey(house.master()));
    StageArn stage = create("first");
    JsonNode renamed = carriedOut(Map.of("op", "rename", "stage", stage.value(), "name", "other"));
    assertThat(renamed.at("/data/name").asText()).as(at()).isEqualTo("other");
    assertThat(nameInIvs(stage)).as(at()).isEqualTo("other");

    until("it is open", () -> house.open().containsKey(stage));
    assertThat(house.join("u1")).isPresent();
    assertThat(house.join("u2")).isPresent();
    assertThat(house.stagesOfAudience()).contains(stage);
    house.count();
    JsonNode refused = carriedOut(Map.of("op", "delete", "stage", stage.value()));
    assertThat(refused.path("code").asText()).as(at()).isEqualTo("VALIDATION_ERROR");
    assertThat(house.open()).as(at()).containsKey(stage);
    JsonNode drained = carriedOut(Map.of("op", "delete", "stage", stage.value(), "drain", "true"));
    assertThat(drained.at("/data/state").asText()).as(at()).isEqualTo("draining");
    pass();
    assertThat(house.tagged()).as(at()).containsExactly(stage);
    house.leave("u1");
    house.leave("u2");
    until("it is gone", () -> house.tagged().isEmpty());

    StageArn second = create("second");
    JsonNode deleted = carriedOut(Map.of("op", "delete", "stage", second.value()));
    assertThat(deleted.at("/data/deleted").asBoolean()).as(at()).isTrue();
    assertThat(house.tagged()).as(at()).isEmpty();
    pass();
    assertThat(house.open()).as(at()).containsOnlyKeys(house.master());
    assertThat(await(house.redis().commands().hlen(house.keys().scalerIntents()))).isZero();
    return scalers.points();
  }

  /** One stage, also when the first answer is that none was made: then it was not. */
  private StageArn create(String name) {
    int before = house.tagged().size();
    JsonNode answer = carriedOut(Map.of("op", "create", "name", name, "tags", "{}"));
    if (answer.path("code").asText().equals("SERVICE_UNAVAILABLE")) {
      pass();
      assertThat(house.tagged()).as(at()).hasSize(before);
      answer = carriedOut(Map.of("op", "create", "name", name, "tags", "{}"));
    }
    assertThat(answer.path("status").asInt()).as("%s, %s", answer, at()).isEqualTo(201);
    assertThat(house.tagged()).as(at()).hasSize(before + 1);
    StageArn stage = new StageArn(answer.at("/data/stageArn").asText());
    assertThat(house.tagged()).as(at()).contains(stage);
    assertThat(nameInIvs(stage)).as(at()).isEqualTo(name);
    return stage;
  }

  /** What is answered in the end; answered once, it stays so. */
  private JsonNode carriedOut(Map<String, String> fields) {
    var commands = house.redis().commands();
    String id = await(commands.xadd(house.keys().scalerCommands(), new TreeMap<>(fields)));
    until(fields + " is answered", () -> await(commands.xlen(house.keys().scalerCommands())) == 0);
    String key = house.keys().scalerAnswer(EntryId.parse(id));
    String answer = Objects.requireNonNull(awaitNullable(commands.get(key)));
    pass();
    assertThat(awaitNullable(commands.get(key))).as(at()).isEqualTo(answer);
    try {
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String nameInIvs(StageArn arn) {
    for (JsonNode stage : house.simulator("GET", "/_sim/stages?past=none", "").path("stages")) {
      if (stage.path("arn").asText().equals(arn.value())) {
        return stage.path("name").asText();
      }
    }
    return "";
  }

  private void pass() {
    scalers.pass();
    FleetHouse.Stages stages = house.stages();
    Set<StageArn> there = new HashSet<>(stages.tagged());
    assertThat(there.size()).as(at()).isLessThanOrEqualTo(1);
    there.add(house.master());
    assertThat(there).as(at()).containsAll(house.stagesOfAudience());
    assertThat(stages.foreignIsThere()).isTrue();
  }

  private void until(String what, BooleanSupplier reached) {
    for (int pass = 0; pass < PASSES; pass++) {
      pass();
      if (reached.getAsBoolean()) {
        return;
      }
    }
    throw new AssertionError(what + ": not after " + PASSES + " passes, " + at());
  }

  private String at() {
    return "at point " + scalers.points();
  }
}
