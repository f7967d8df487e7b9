package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.EventCodec.Decoded;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.model.ViewerEvent.Heartbeat;
import io.fullhouse.model.ViewerEvent.Joined;
import io.fullhouse.model.ViewerEvent.Left;
import io.fullhouse.model.ViewerEvent.OfViewer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a log means depends on the order of each viewer's events alone, and not on when it is read.
 */
final class OrderTest {
  private static final int HISTORIES = Integer.getInteger("fullhouse.histories", 3_000);
  private static final List<String> STAGES = List.of("A", "B", "C");

  @Test
  void logs_with_the_same_order_of_each_viewer_agree() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      Random random = new Random(seed);
      List<OfViewer> events = randomEvents(random);
      assertThat(whoIsWhere(shuffledBetweenViewers(events, random)))
          .as("seed %d", seed)
          .isEqualTo(whoIsWhere(events));
    }
  }

  @Test
  void a_replay_gives_the_same_state() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      List<OfViewer> events = randomEvents(new Random(seed));
      PresenceModel first = folded(events);
      PresenceModel again = folded(events);
      assertThat(again.viewers()).as("seed %d", seed).isEqualTo(first.viewers());
      assertThat(again.foldFields()).as("seed %d", seed).isEqualTo(first.foldFields());
      assertThat(Checkpoint.read(Checkpoint.write(first)).viewers())
          .as("seed %d, through a checkpoint", seed)
          .isEqualTo(first.viewers());
    }
  }

  private static List<OfViewer> randomEvents(Random random) {
    List<OfViewer> events = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      StageArn stage =
          new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/" + STAGES.get(random.nextInt(3)));
      UserId user = new UserId("u" + random.nextInt(5));
      PresenceId presence = new PresenceId("p" + random.nextInt(4), "a" + random.nextInt(4));
      events.add(
          switch (random.nextInt(5)) {
            case 0, 1 -> new Joined(stage, user, presence);
            case 2, 3 -> new Heartbeat(stage, user, presence);
            default -> new Left(stage, user, presence);
          });
    }
    return events;
  }

  /** Takes the next event of a random viewer until none is left. */
  private static List<OfViewer> shuffledBetweenViewers(List<OfViewer> events, Random random) {
    Map<UserId, Deque<OfViewer>> byViewer = new HashMap<>();
    events.forEach(e -> byViewer.computeIfAbsent(e.user(), user -> new ArrayDeque<>()).add(e));
    List<Deque<OfViewer>> left = new ArrayList<>(byViewer.values());
    List<OfViewer> shuffled = new ArrayList<>();
    while (!left.isEmpty()) {
      Deque<OfViewer> one = left.get(random.nextInt(left.size()));
      shuffled.add(one.remove());
      if (one.isEmpty()) {
        left.remove(one);
      }
    }
    return shuffled;
  }

  /** Without the times, which do depend on the place in the log. */
  private static Map<UserId, String> whoIsWhere(List<OfViewer> events) {
    Map<UserId, String> where = new HashMap<>();
    folded(events).viewers().forEach((user, p) -> where.put(user, p.stage() + " " + p.id()));
    return where;
  }

  private static PresenceModel folded(List<? extends ViewerEvent> events) {
    PresenceModel model = new PresenceModel();
    long millis = 1_795_348_800_000L;
    for (ViewerEvent event : events) {
      model.fold(new EntryId(millis++, 0), new Decoded.Event(event));
    }
    return model;
  }
}
