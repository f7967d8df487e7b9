package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.deploy.MortalScalers.Interruption;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Replications are started and stopped by hand while publishers come, drop and come back, stages
 * come and go, and another scaler acts: whatever happened, what operators want is so, and when all
 * is as it is to be, no scaler calls IVS any more.
 */
final class PinHistoryTest {
  private static final int TURNS = Integer.getInteger("fullhouse.turns", 30);
  private static final int ROOMS = 3;
  private static final int REPLICA_LIMIT = 3;
  private static final int SETTLED_WITHIN = 8;
  private static final Duration IVS_IS_NOT_COMPARED = Duration.ofDays(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final long seed = Long.getLong("fullhouse.seed", new Random().nextInt(1_000_000));
  private final Random dice = new Random(seed);
  private final FleetHouse house = new FleetHouse();
  private final MortalScalers scalers =
      new MortalScalers(house, site -> site.withReplicaLimit(REPLICA_LIMIT), IVS_IS_NOT_COMPARED);

  private final List<StageArn> sources = new ArrayList<>();
  private final List<StageArn> rooms = new ArrayList<>();

  /** Who publishes to a source, as IVS knows. */
  private final Map<StageArn, JsonNode> live = new HashMap<>();

  /** Who dropped and may still come back. */
  private final Map<StageArn, JsonNode> dropped = new HashMap<>();

  /** The oracle: what operators were told is so. */
  private final Map<StageArn, StageArn> pins = new HashMap<>();

  private final Map<StageArn, String> pinnedAs = new HashMap<>();
  private final Set<StageArn> stopped = new HashSet<>();
  private final List<String> history = new ArrayList<>();

  @AfterEach
  void close() {
    scalers.close();
    house.close();
  }

  @Test
  void scaler_and_operator_do_not_fight() {
    begin();
    for (int turn = 0; turn < TURNS; turn++) {
      act(dice.nextInt(10));
      settle();
      assertAsWanted();
    }
    assertThat(history).anyMatch(line -> line.startsWith("start") && line.endsWith("200"));
    assertThat(history).anyMatch(line -> line.startsWith("stop") && line.endsWith("200"));
    System.out.printf("PinHistoryTest: %d turns, seed %d%n", TURNS, seed);
  }

  private void begin() {
    scalers.startAfresh(Interruption.NONE);
    passes(3);
    sources.add(house.master());
    sources.add(create("studio-1"));
    sources.add(create("studio-2"));
    for (int i = 0; i < ROOMS; i++) {
      rooms.add(create("room"));
    }
    sources.forEach(this::publish);
    settle();
  }

  private void act(int what) {
    StageArn source = sources.get(dice.nextInt(sources.size()));
    StageArn room = rooms.get(dice.nextInt(rooms.size()));
    switch (what) {
      case 0, 1, 2 -> start(room, source);
      case 3, 4 -> stop(room, pins.getOrDefault(room, source));
      case 5, 6 -> drop(source, dice.nextBoolean() ? "vanish" : "leave");
      case 7 -> comeBack(source);
      case 8 -> {
        history.add("another scaler acts");
        scalers.another();
      }
      default -> replace(room);
    }
  }

  private void start(StageArn room, StageArn source) {
    String participant = participantOf(live.get(source));
    boolean full = feeds(source, room) >= REPLICA_LIMIT;
    JsonNode answer = carriedOut("replicate", room, source, participant);
    say("start", room, source, answer);
    if (participant.equals("nobody")) {
      assertThat(answer.path("code").asText()).as(at()).isEqualTo("NOT_FOUND");
    } else if (full) {
      assertThat(answer.path("code").asText()).as(at()).isEqualTo("STAGE_LIMIT_REACHED");
    } else if (answer.path("status").asInt() == 200
        || answer.path("code").asText().equals("SERVICE_UNAVAILABLE")) {
      pins.put(room, source);
      pinnedAs.put(room, participant);
      stopped.remove(room);
    } else {
      assertThat(answer.path("code").asText()).as(at()).isEqualTo("STAGE_LIMIT_REACHED");
    }
  }

  private void stop(StageArn room, StageArn source) {
    boolean pinned = source.equals(pins.get(room));
    String participant = pinned ? pinnedAs.getOrDefault(room, "") : participantOf(live.get(source));
    JsonNode answer = carriedOut("unreplicate", room, source, participant);
    say("stop", room, source, answer);
    if (answer.path("status").asInt() == 200) {
      forget(room);
      stopped.add(room);
    } else {
      assertThat(pinned).as(at()).isFalse();
      assertThat(answer.path("code").asText()).as(at()).isEqualTo("NOT_FOUND");
    }
  }

  private void publish(StageArn source) {
    JsonNode publisher = house.publish(source);
    live.put(source, publisher);
    house.publisherIsLive(source, participantOf(publisher), "ivs");
  }

  private void drop(StageArn source, String how) {
    JsonNode publisher = live.remove(source);
    if (publisher != null) {
      history.add(how + " " + source.id());
      house.steer(how, source, publisher);
      house.publisherIsGone(source, participantOf(publisher));
      dropped.put(source, publisher);
    }
  }

  /** As another participant, or as the same one within IVS's reconnect window. */
  private void comeBack(StageArn source) {
    if (live.containsKey(source)) {
      return;
    }
    JsonNode before = dropped.remove(source);
    if (before == null || dice.nextBoolean()) {
      history.add("publish " + source.id());
      publish(source);
    } else {
      history.add("reconnect " + source.id());
      house.steer("reconnect", source, before);
      house.steer("publish", source, before);
      live.put(source, before);
      house.publisherIsLive(source, participantOf(before), "ivs");
    }
  }

  private void replace(StageArn room) {
    JsonNode answer = carriedOut("delete", room, room, "");
    say("delete", room, room, answer);
    assertThat(answer.at("/data/deleted").asBoolean()).as(at()).isTrue();
    rooms.remove(room);
    forget(room);
    stopped.remove(room);
    rooms.add(create("room"));
  }

  private void forget(StageArn room) {
    pins.remove(room);
    pinnedAs.remove(room);
  }

  private void settle() {
    List<String> last = List.of();
    for (int pass = 0, calm = 0; calm < 2; pass++) {
      assertThat(pass).as("still calling IVS: %s, %s", last, at()).isLessThan(SETTLED_WITHIN);
      int before = calls().size();
      passes(1);
      last = calls().subList(before, calls().size());
      calm = last.isEmpty() ? calm + 1 : 0;
    }
  }

  private void assertAsWanted() {
    Map<StageArn, Set<StageArn>> shown = new HashMap<>();
    live.forEach(
        (source, publisher) -> {
          List<StageArn> replicas = house.replicasOf(publisher);
          assertThat(replicas).as(at()).hasSizeLessThanOrEqualTo(REPLICA_LIMIT);
          replicas.forEach(it -> shown.computeIfAbsent(it, none -> new HashSet<>()).add(source));
        });
    for (StageArn room : rooms) {
      Set<StageArn> from = shown.getOrDefault(room, Set.of());
      StageArn pinned = pins.get(room);
      if (stopped.contains(room) || live.isEmpty()) {
        assertThat(from).as("%s is stopped, %s", room.id(), at()).isEmpty();
      } else if (pinned != null && live.containsKey(pinned) && !from.equals(Set.of(pinned))) {
        assertThat(house.replicasOf(Objects.requireNonNull(live.get(pinned))))
            .as("%s is pinned to %s, which is not full, %s", room.id(), pinned.id(), at())
            .hasSize(REPLICA_LIMIT);
      } else if (from.isEmpty()) {
        assertThat(live.values())
            .as("%s has no picture, %s", room.id(), at())
            .allMatch(publisher -> house.replicasOf(publisher).size() == REPLICA_LIMIT);
      } else {
        assertThat(from).as("%s, %s", room.id(), at()).hasSize(1);
      }
    }
    assertThat(await(house.redis().commands().hkeys(house.keys().scalerPins())))
        .as(at())
        .containsExactlyInAnyOrderElementsOf(pins.keySet().stream().map(StageArn::value).toList());
  }

  /** Stages beside this one that name the source, as the scaler counts them. */
  private long feeds(StageArn source, StageArn other) {
    List<StageArn> all = new ArrayList<>(sources);
    all.addAll(rooms);
    return all.stream()
        .filter(stage -> !stage.equals(other))
        .flatMap(stage -> house.metadata(stage).stream())
        .filter(stage -> stage.parentStage().filter(source::equals).isPresent())
        .count();
  }

  private StageArn create(String name) {
    JsonNode made = command(Map.of("op", "create", "name", name, "tags", "{}"));
    history.add("create " + made.at("/data/stageArn").asText());
    return new StageArn(made.at("/data/stageArn").asText());
  }

  private JsonNode carriedOut(String op, StageArn room, StageArn source, String participant) {
    return command(
        Map.of(
            "op", op, "stage", room.value(), "source", source.value(), "participant", participant));
  }

  private JsonNode command(Map<String, String> fields) {
    var commands = house.redis().commands();
    String id = await(commands.xadd(house.keys().scalerCommands(), new TreeMap<>(fields)));
    for (int pass = 0; await(commands.xlen(house.keys().scalerCommands())) > 0; pass++) {
      assertThat(pass).as("%s is not answered, %s", fields, at()).isLessThan(SETTLED_WITHIN);
      passes(1);
    }
    String key = house.keys().scalerAnswer(EntryId.parse(id));
    try {
      return JSON.readTree(Objects.requireNonNull(awaitNullable(commands.get(key))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void passes(int number) {
    for (int pass = 0; pass < number; pass++) {
      scalers.pass();
    }
  }

  /** But for the look at the master that a stepped scaler takes before each pass. */
  private List<String> calls() {
    List<String> calls = new ArrayList<>();
    house
        .simulator("GET", "/_sim/calls", "")
        .path("calls")
        .forEach(call -> calls.add(call.path("op").asText() + " " + call.path("body")));
    calls.removeIf(call -> call.startsWith("GetStage"));
    return calls;
  }

  private static String participantOf(@Nullable JsonNode publisher) {
    return publisher == null ? "nobody" : publisher.path("participantId").asText();
  }

  private void say(String what, StageArn room, StageArn source, JsonNode answer) {
    String outcome = answer.path("code").asText(answer.path("status").asText());
    history.add("%s %s from %s: %s".formatted(what, room.id(), source.id(), outcome));
  }

  private String at() {
    return "seed " + seed + ", history " + history;
  }
}
