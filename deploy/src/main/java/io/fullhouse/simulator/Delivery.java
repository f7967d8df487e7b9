package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;

/**
 * An event on its way.
 *
 * @param number in the order of events
 * @param attempts made so far
 */
record Delivery(
    Destination destination,
    ObjectNode event,
    long number,
    Instant since,
    Instant due,
    int attempts)
    implements Comparable<Delivery> {
  private static final Comparator<Delivery> ORDER =
      Comparator.comparing(Delivery::due).thenComparingLong(Delivery::number);

  @Override
  public int compareTo(Delivery other) {
    return ORDER.compare(this, other);
  }

  Delivery again(Instant newDue) {
    return new Delivery(destination, event, number, since, newDue, attempts + 1);
  }
}
