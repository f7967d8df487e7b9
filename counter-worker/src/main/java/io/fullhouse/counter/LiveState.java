package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.RedisAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The fold state in Redis as it was at one entry.
 *
 * @param position that entry
 * @param total {@code total_viewers}
 * @param seated users in {@code viewer:seat}
 * @param publisherStatus empty when the key is not there
 * @param foldFields the {@code fold} hash
 * @param counts each stage that has viewers, with its {@code viewers:} key
 * @param stages who is present where; empty when the audience was too large for one call
 */
record LiveState(
    EntryId position,
    String total,
    long seated,
    String publisherStatus,
    Map<String, String> foldFields,
    Map<String, String> counts,
    Map<String, Viewers> stages) {

  /** Above this, an audit photographs one stage at a time. */
  static final int AT_ONCE = 20_000;

  /**
   * The viewers of one stage, at one entry.
   *
   * @param position that entry
   * @param values user id to value, as in the heartbeat hash
   * @param seats user id to the stage of its {@code viewer:seat}
   */
  record Viewers(EntryId position, Map<String, String> values, Map<String, String> seats) {
    private static Viewers of(EntryId position, Object values, Object seats) {
      Map<String, String> byUser = pairs(values);
      Map<String, String> seatOf = new LinkedHashMap<>();
      Iterator<String> seat = strings(seats).iterator();
      for (String user : byUser.keySet()) {
        seatOf.put(user, seat.next());
      }
      return new Viewers(position, byUser, seatOf);
    }
  }

  /**
   * One atomic photograph; with everybody in it if they are not more than {@code viewersAtMost}.
   */
  static LiveState read(PresenceStore store, int viewersAtMost) {
    return of(RedisAnswer.await(store.snapshot(viewersAtMost)));
  }

  /** What {@code snapshot.lua} answered. */
  static LiveState of(List<Object> reply) {
    EntryId position = EntryId.parse((String) reply.get(0));
    Map<String, Viewers> stages = new TreeMap<>();
    List<?> viewers = (List<?>) reply.get(7);
    int i = 0;
    for (String stage : strings(reply.get(6))) {
      stages.put(stage, Viewers.of(position, viewers.get(i), viewers.get(i + 1)));
      i += 2;
    }
    return new LiveState(
        position,
        (String) reply.get(1),
        (Long) reply.get(2),
        (String) reply.get(3),
        new TreeMap<>(pairs(reply.get(4))),
        new TreeMap<>(pairs(reply.get(5))),
        stages);
  }

  /** One atomic photograph of one stage. */
  static Viewers readStage(PresenceStore store, StageArn stage) {
    List<Object> reply = RedisAnswer.await(store.snapshot(stage.value()));
    return Viewers.of(EntryId.parse((String) reply.get(0)), reply.get(1), reply.get(2));
  }

  /**
   * The live keys taken at their word: where a fold goes on when the log cannot tell.
   *
   * @param damaged told of each value that cannot be read, which counts as not there
   */
  PresenceModel toModel(Consumer<String> damaged) {
    Map<UserId, Presence> viewers = new HashMap<>();
    stages.forEach(
        (stage, onStage) ->
            onStage
                .values()
                .forEach(
                    (user, value) -> {
                      try {
                        viewers.put(new UserId(user), Presence.ofValue(new StageArn(stage), value));
                      } catch (IllegalArgumentException e) {
                        damaged.accept("a viewer on " + stage);
                      }
                    }));
    return PresenceModel.restore(position, readable(damaged), viewers);
  }

  private Map<String, String> readable(Consumer<String> damaged) {
    Map<String, String> readable = new TreeMap<>();
    foldFields.forEach(
        (name, value) -> {
          try {
            PresenceModel.restore(position, Map.of(name, value), Map.of());
            readable.put(name, value);
          } catch (IllegalArgumentException e) {
            damaged.accept("fold field " + name);
          }
        });
    return readable;
  }

  private static List<String> strings(Object reply) {
    return ((List<?>) reply).stream().map(String.class::cast).toList();
  }

  private static Map<String, String> pairs(Object reply) {
    List<String> flat = new ArrayList<>(strings(reply));
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      pairs.put(flat.get(i), flat.get(i + 1));
    }
    return pairs;
  }
}
