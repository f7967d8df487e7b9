package io.fullhouse.deploy;

import io.fullhouse.deploy.MobileHouse.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who must be counted, by what was accepted and when: the rules in their plainest words. Shares
 * nothing with the system. For one thread.
 */
final class AudienceOracle {
  private static final long TIMEOUT = Duration.ofSeconds(60).toMillis();

  private final Map<String, Present> present = new HashMap<>();
  private final long[] ofStage = new long[MobileHouse.STAGES.size()];

  private static final class Present {
    final int stage;
    final String admission;
    long heard;

    Present(int stage, String admission, long heard) {
      this.stage = stage;
      this.admission = admission;
      this.heard = heard;
    }
  }

  /** Of a join, rejoin or heal, wherever the user was before. */
  void seated(Seat seat, long now) {
    int stage = MobileHouse.STAGES.indexOf(seat.stage());
    uncount(present.put(seat.user(), new Present(stage, seat.admission(), now)));
    ofStage[stage]++;
  }

  void heard(Seat seat, long now) {
    Present found = present.get(seat.user());
    if (found != null && found.admission.equals(seat.admission())) {
      found.heard = now;
    }
  }

  void left(Seat seat) {
    Present found = present.get(seat.user());
    if (found != null && found.admission.equals(seat.admission())) {
      uncount(present.remove(seat.user()));
    }
  }

  private void uncount(@Nullable Present gone) {
    if (gone != null) {
      ofStage[gone.stage]--;
    }
  }

  /**
   * Is told who is said to have fallen silent; says of whom that is wrong.
   *
   * @param now by the log's clock
   */
  List<String> expire(List<String> users, long now) {
    List<String> wrong = new ArrayList<>();
    for (String user : users) {
      Present gone = present.remove(user);
      uncount(gone);
      if (gone == null || now - gone.heard <= TIMEOUT) {
        wrong.add(user);
      }
    }
    return wrong;
  }

  /** Who still counts, though it was not heard for so long. */
  List<String> ghosts(Duration silence, long now) {
    List<String> ghosts = new ArrayList<>();
    present.forEach(
        (user, viewer) -> {
          if (now - viewer.heard > silence.toMillis()) {
            ghosts.add(user);
          }
        });
    return ghosts;
  }

  /** The total, then each stage's. */
  List<Long> numbers() {
    List<Long> numbers = new ArrayList<>(List.of((long) present.size()));
    for (long viewers : ofStage) {
      numbers.add(viewers);
    }
    return numbers;
  }

  /** Who is present, and on which stage. */
  Map<String, String> seats() {
    Map<String, String> seats = new HashMap<>();
    present.forEach((user, viewer) -> seats.put(user, MobileHouse.STAGES.get(viewer.stage)));
    return seats;
  }
}
