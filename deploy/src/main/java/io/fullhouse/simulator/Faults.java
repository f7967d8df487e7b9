package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Predicate;

/**
 * The faults waiting for a call. The first that fits and strikes is used. Thread-safe; a fault for
 * n times strikes exactly n calls.
 */
final class Faults {
  /** More at once are a test that forgot to clear them. */
  static final int MAX_WAITING = 1_000;

  private static final class Waiting {
    private final Fault fault;
    private OptionalInt remaining;

    Waiting(Fault fault, OptionalInt remaining) {
      this.fault = fault;
      this.remaining = remaining;
    }
  }

  private final List<Waiting> waiting = new ArrayList<>();
  private final Random dice;

  /**
   * @param seed of the dice, so that a run with probabilities can be repeated
   */
  Faults(long seed) {
    this.dice = new Random(seed);
  }

  /**
   * @param times how many calls it strikes; empty until cleared
   * @throws Refusal ValidationException when too many wait
   */
  synchronized void add(Fault fault, OptionalInt times) {
    if (waiting.size() >= MAX_WAITING) {
      throw new Refusal(AwsError.validation(MAX_WAITING + " faults are waiting already"));
    }
    waiting.add(new Waiting(fault, times));
  }

  synchronized void clear() {
    waiting.clear();
  }

  /** The fault that strikes the whole of this call. */
  synchronized Optional<Fault> take(Optional<Operation> called) {
    return takeFirst(
        fault ->
            fault.kind() != Fault.Kind.PARTIAL
                && fault.fits(called)
                && dice.nextDouble() < fault.probability());
  }

  /** The fault that strikes this page of a list. */
  synchronized Optional<Fault> takePage(Operation called, int page) {
    return takeFirst(
        fault ->
            fault.kind() == Fault.Kind.PARTIAL
                && fault.page() == page
                && fault.fits(Optional.of(called))
                && dice.nextDouble() < fault.probability());
  }

  /** The fault that strikes entries of this PutEvents call; ask {@link #strikesEntry} for each. */
  synchronized Optional<Fault> takeEntries() {
    return takeFirst(
        fault ->
            fault.kind() == Fault.Kind.PARTIAL && fault.fits(Optional.of(Operation.PUT_EVENTS)));
  }

  /** By its probability; a certain fault strikes every other entry, beginning with the first. */
  synchronized boolean strikesEntry(Fault fault, int index) {
    return fault.probability() == 1 ? index % 2 == 0 : dice.nextDouble() < fault.probability();
  }

  private Optional<Fault> takeFirst(Predicate<Fault> strikes) {
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting candidate = all.next();
      if (strikes.test(candidate.fault)) {
        if (candidate.remaining.isPresent()) {
          int left = candidate.remaining.getAsInt() - 1;
          candidate.remaining = OptionalInt.of(left);
          if (left == 0) {
            all.remove();
          }
        }
        return Optional.of(candidate.fault);
      }
    }
    return Optional.empty();
  }

  /** What still waits. */
  synchronized ObjectNode toJson() {
    ObjectNode json = Json.object();
    ArrayNode faults = json.putArray("faults");
    for (Waiting each : waiting) {
      ObjectNode fault = each.fault.toJson();
      each.remaining.ifPresent(times -> fault.put("times", times));
      faults.add(fault);
    }
    return json;
  }
}
