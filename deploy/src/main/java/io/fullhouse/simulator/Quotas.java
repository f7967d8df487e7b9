package io.fullhouse.simulator;

import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The quotas of stages and Region that grow with the audience (AWS service quotas, IVS Real-Time).
 * Guarded by {@link Turns}.
 */
final class Quotas {
  private final Rooms rooms;
  private final Limits limits;

  Quotas(Rooms rooms, Limits limits) {
    this.rooms = rooms;
    this.limits = limits;
  }

  /** The quota that another guest with this pass would break. */
  Optional<Limit> brokenByJoin(Room room, Pass pass) {
    if (!pass.maySubscribe()) {
      return Optional.empty();
    }
    return broken(Limit.SUBSCRIBERS_PER_STAGE, room.subscribers() + 1L)
        .or(() -> brokenBySubscriptions(room.publishers()));
  }

  /** The quota that another publisher, or replica of one, would break. */
  Optional<Limit> brokenByPublisher(Room room, int newSubscriptions) {
    return broken(Limit.PUBLISHERS_PER_STAGE, room.publishers() + 1L)
        .or(() -> broken(Limit.PUBLISHERS_PER_REGION, sum(Room::publishers) + 1))
        .or(() -> brokenBySubscriptions(newSubscriptions));
  }

  private Optional<Limit> brokenBySubscriptions(long more) {
    return more == 0
        ? Optional.empty()
        : broken(Limit.SUBSCRIPTIONS_PER_REGION, sum(Room::subscriptions) + more);
  }

  private long sum(ToLongFunction<Room> part) {
    return rooms.all().stream().mapToLong(part).sum();
  }

  private Optional<Limit> broken(Limit limit, long wanted) {
    int quota = limits.get(limit);
    return quota > 0 && wanted > quota ? Optional.of(limit) : Optional.empty();
  }
}
