package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All that happens on the stages: who is there, who publishes, what is replicated. Everything but
 * {@link #turn} and {@link #settle} is to be used inside a turn only.
 */
final class Venue {
  private final Turns turns;
  private final Rooms rooms;
  private final Replications replications;
  private final Publishing publishing;
  private final Connections connections;

  Venue(
      ResourceTable<Stage> stages,
      Limits limits,
      InstantSource time,
      Consumer<ObjectNode> eventBus) {
    Timers timers = new Timers();
    StageEvents events = new StageEvents(eventBus);
    turns = new Turns(time, timers);
    rooms = new Rooms(stages, limits, timers);
    Quotas quotas = new Quotas(rooms, limits);
    replications = new Replications(rooms, quotas, limits, timers, events);
    publishing = new Publishing(rooms, quotas, replications, events);
    connections = new Connections(rooms, quotas, publishing, limits, timers);
  }

  <T> T turn(Function<Instant, T> work) {
    return turns.take(work);
  }

  /** Lets happen what is due, so that events leave in time when nobody asks. */
  void settle() {
    turns.settle();
  }

  Rooms rooms() {
    return rooms;
  }

  Replications replications() {
    return replications;
  }

  Publishing publishing() {
    return publishing;
  }

  Connections connections() {
    return connections;
  }

  /** Throws everybody out and forgets the room; its stage must still be there. */
  void close(Room room, Instant now) {
    replications.close(room, now);
    connections.close(room, now);
    rooms.remove(room);
  }
}
