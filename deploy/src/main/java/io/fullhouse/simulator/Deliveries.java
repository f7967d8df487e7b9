package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Brings IVS's own events to one webhook, as a rule of EventBridge with an API destination does: at
 * least once, unless loss is asked for. Thread-safe.
 *
 * <p>Kept are the last {@value #KEPT_EVENTS} events, {@value #MAX_PENDING} on their way (more are
 * lost, and counted) and the last {@value #KEPT_DEAD} that were given up.
 */
final class Deliveries {
  static final int KEPT_EVENTS = 1_000;
  static final int MAX_PENDING = 10_000;
  static final int KEPT_DEAD = 100;

  private static final int MAX_IN_FLIGHT = 16;
  private static final Duration MAX_AGE = Duration.ofHours(24);
  private static final long FIRST_BACKOFF_MILLIS = 500;
  private static final int MAX_DOUBLINGS = 7;

  private final InstantSource time;
  private final Random dice;
  private final Webhook webhook = new Webhook();
  private final Deque<ObjectNode> emitted = new ArrayDeque<>();
  private final Deque<ObjectNode> dead = new ArrayDeque<>();
  private final PriorityQueue<Delivery> pending = new PriorityQueue<>();
  private final Map<String, Long> totals = new TreeMap<>();
  private Optional<Destination> destination = Optional.empty();
  private long numbered;
  private int inFlight;

  /**
   * @param seed of the dice, so that a run can be repeated
   */
  Deliveries(InstantSource time, long seed) {
    this.time = time;
    this.dice = new Random(seed);
  }

  Map<String, Function<Steering.Ask, ObjectNode>> routes() {
    return Map.of(
        "POST /_sim/deliver", ask -> deliverTo(Optional.of(Destination.read(ask.input()))),
        "DELETE /_sim/deliver", ask -> deliverTo(Optional.empty()),
        "GET /_sim/deliver", ask -> toJson());
  }

  /** From now on; what was on its way to another destination is forgotten. */
  synchronized ObjectNode deliverTo(Optional<Destination> newDestination) {
    destination = newDestination;
    pending.clear();
    dead.clear();
    totals.clear();
    return toJson();
  }

  synchronized void accept(ObjectNode event) {
    keep(emitted, event, KEPT_EVENTS);
    destination.ifPresent(to -> send(to, event));
  }

  private void send(Destination to, ObjectNode event) {
    if (dice.nextDouble() < to.drop()) {
      count("dropped");
      return;
    }
    enqueue(to, event);
    if (dice.nextDouble() < to.duplicate()) {
      count("duplicated");
      enqueue(to, event);
    }
  }

  private void enqueue(Destination to, ObjectNode event) {
    if (pending.size() >= MAX_PENDING) {
      count("overflowed");
      return;
    }
    Instant now = time.instant();
    long delayMillis =
        to.shuffle() ? (long) (dice.nextDouble() * to.delay().toMillis()) : to.delay().toMillis();
    numbered++;
    pending.add(new Delivery(to, event, numbered, now, now.plusMillis(delayMillis), 0));
  }

  /** Sends what is due. */
  synchronized void pump() {
    Instant now = time.instant();
    while (inFlight < MAX_IN_FLIGHT && !pending.isEmpty() && !pending.peek().due().isAfter(now)) {
      Delivery next = pending.remove();
      inFlight++;
      // Its reply is all that is to be known, and settled() gets it.
      var unused = webhook.send(next).thenAccept(reply -> settled(next, reply));
    }
  }

  private synchronized void settled(Delivery delivery, WebhookReply reply) {
    inFlight--;
    if (!destination.equals(Optional.of(delivery.destination()))) {
      return;
    }
    Instant now = time.instant();
    int attempts = delivery.attempts() + 1;
    if (reply.isAccepted()) {
      count("delivered");
    } else if (reply.mayBeTriedAgain()
        && attempts < delivery.destination().maxAttempts()
        && now.isBefore(delivery.since().plus(MAX_AGE))) {
      count("retried");
      pending.add(delivery.again(now.plus(pause(attempts, reply))));
    } else {
      count("failed");
      ObjectNode letter = Json.object().put("attempts", attempts).put("last", reply.shown());
      letter.set("event", delivery.event());
      keep(dead, letter, KEPT_DEAD);
    }
  }

  /** The longer of our own pause, which doubles up to a minute, and the one asked for. */
  private Duration pause(int attempts, WebhookReply reply) {
    long most = FIRST_BACKOFF_MILLIS << Math.min(attempts - 1, MAX_DOUBLINGS);
    Duration own = Duration.ofMillis(most / 2 + (long) (dice.nextDouble() * most / 2));
    return reply.retryAfter().filter(asked -> asked.compareTo(own) > 0).orElse(own);
  }

  private void count(String what) {
    totals.merge(what, 1L, Long::sum);
  }

  private static void keep(Deque<ObjectNode> kept, ObjectNode one, int atMost) {
    if (kept.size() == atMost) {
      kept.removeFirst();
    }
    kept.addLast(one);
  }

  synchronized ObjectNode toJson() {
    ObjectNode json = Json.object();
    destination.ifPresent(to -> json.set("destination", to.toJson()));
    for (String total :
        new String[] {"delivered", "dropped", "duplicated", "overflowed", "retried", "failed"}) {
      json.put(total, totals.getOrDefault(total, 0L));
    }
    json.put("pending", pending.size() + inFlight);
    ArrayNode letters = json.putArray("deadLetters");
    letters.addAll(dead);
    json.putArray("events").addAll(emitted);
    return json;
  }
}
