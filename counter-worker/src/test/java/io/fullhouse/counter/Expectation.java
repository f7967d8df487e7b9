package io.fullhouse.counter;

import io.fullhouse.counter.Step.Append;
import io.fullhouse.model.EventCodec.Decoded;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent.Banned;
import io.fullhouse.model.ViewerEvent.Expired;
import io.fullhouse.model.ViewerEvent.Joined;
import io.fullhouse.model.ViewerEvent.Left;
import io.fullhouse.model.ViewerEvent.OfViewer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must stand in Redis once a log is folded: the model's state, and what only the script keeps.
 */
final class Expectation {
  private final PresenceModel model = new PresenceModel();
  private final Map<String, String> closed = new TreeMap<>();
  private final Map<String, String> deadlines = new TreeMap<>();
  private final Map<String, Map<String, String>> unwanted =
      Map.of("banned", new TreeMap<>(), "superseded", new TreeMap<>(), "expired", new TreeMap<>());
  private final Map<String, List<String>> histories = new TreeMap<>();
  private final List<String> deadLetters = new ArrayList<>();
  private final long timeoutMillis;

  Expectation(Duration timeout) {
    this.timeoutMillis = timeout.toMillis();
  }

  void fold(Append entry) {
    Decoded decoded = entry.decoded();
    long millis = entry.id().millis();
    if (decoded instanceof Decoded.Unreadable) {
      deadLetters.add(entry.id().toString());
    } else if (decoded instanceof Decoded.Event event && event.event() instanceof OfViewer e) {
      remember(millis, e, model.presence(e.user()));
    } else if (decoded instanceof Decoded.Event event && event.event() instanceof Banned e) {
      remember(millis, e, model.presence(e.user()));
    }
    model
        .fold(entry.id(), decoded)
        .ifPresent(
            ended ->
                histories
                    .computeIfAbsent(ended.user().value(), user -> new ArrayList<>())
                    .add(0, ended.past().toJson()));
    if (decoded instanceof Decoded.Event event
        && event.event() instanceof OfViewer e
        && model.presence(e.user()) == null) {
      deadlines.remove(e.user().value());
    }
  }

  private void remember(long millis, Banned event, @Nullable Presence before) {
    if (before != null) {
      close(name(before.id()), millis);
      disconnect("banned", millis, event.user(), before);
      deadlines.remove(event.user().value());
    }
  }

  private void remember(long millis, OfViewer event, @Nullable Presence before) {
    boolean same =
        before != null
            && event.presence().matches(before.id(), event.stage().equals(before.stage()));
    if (event instanceof Joined) {
      if (before == null) {
        deadlines.put(event.user().value(), Long.toString(millis + timeoutMillis));
      } else if (!same) {
        close(name(before.id()), millis);
        if (!before.id().participant().equals(event.presence().participant())) {
          disconnect("superseded", millis, event.user(), before);
        }
      }
      closed.remove(name(event.presence()));
    } else if (event instanceof Left) {
      String left = name(event.presence());
      close(left.isEmpty() && before != null && same ? name(before.id()) : left, millis);
    } else if (event instanceof Expired e
        && before != null
        && same
        && before.seenMillis() <= e.seenMillis()) {
      disconnect("expired", millis, e.user(), before);
    }
  }

  private void disconnect(String why, long millis, UserId user, Presence presence) {
    String participant = presence.id().participant();
    if (!participant.isEmpty()) {
      Objects.requireNonNull(unwanted.get(why))
          .put(presence.stage() + "|" + participant + "||" + user, Long.toString(millis));
    }
  }

  private void close(String name, long millis) {
    if (!name.isEmpty()) {
      closed.put(name, Long.toString(millis));
    }
  }

  private static String name(PresenceId id) {
    return id.admission().isEmpty() ? id.participant() : id.admission();
  }

  /**
   * What is otherwise in Redis; empty when all is as it must be.
   *
   * @param torn whether a drain failed on the way: then a dead letter may be written twice, and a
   *     deadline may be left that the next sweep clears
   */
  List<String> findings(LiveState live, Witness witness, boolean torn) {
    List<String> findings = new ArrayList<>(StateComparison.differences(model, live));
    compare(findings, "position", model.position(), live.position());
    compare(findings, "closed", closed, witness.closed());
    Map<String, String> found = new TreeMap<>(witness.deadlines());
    if (torn) {
      found.keySet().retainAll(deadlines.keySet());
      compare(
          findings, "letters", new TreeSet<>(deadLetters), new TreeSet<>(witness.deadLetters()));
    } else {
      compare(findings, "dead letters", deadLetters, witness.deadLetters());
    }
    compare(findings, "deadlines", deadlines, found);
    unwanted.forEach(
        (why, queue) ->
            compare(findings, "to be disconnected as " + why, queue, witness.unwanted().get(why)));
    compare(findings, "histories", histories, witness.histories());
    compareCounts(findings, witness);
    compareSeats(findings, witness);
    return findings;
  }

  private void compareCounts(List<String> findings, Witness witness) {
    compare(
        findings, "each viewers key is the size of its hash", witness.sizes(), witness.counts());
    long sum = witness.counts().values().stream().mapToLong(Long::parseLong).sum();
    compare(findings, "the sum of the viewers keys", model.totalViewers() + "", sum + "");
    Map<String, String> announced = witness.announced();
    if (announced.isEmpty()) {
      compare(findings, "viewers never announced", 0, model.totalViewers());
      return;
    }
    compare(findings, "total announced", model.totalViewers() + "", announced.get("total"));
    String publisher = model.publisherIsLive() ? "live" : "offline";
    compare(findings, "publisher announced", publisher, announced.get("publisher"));
    witness
        .counts()
        .forEach(
            (stage, n) ->
                compare(findings, "announced of " + stage, n, announced.getOrDefault(stage, "0")));
  }

  private void compareSeats(List<String> findings, Witness witness) {
    Map<String, String> registered = new TreeMap<>(witness.open());
    registered.putAll(witness.closing());
    registered.forEach(
        (stage, score) ->
            compare(findings, "seats of " + stage, witness.takenByDefinition(stage) + "", score));
    // Only what could never be folded may still be on its way once all is folded.
    witness
        .joining()
        .forEach(
            (user, value) -> {
              String id = value.substring(0, value.indexOf('|'));
              if (!deadLetters.contains(id)) {
                findings.add(user + " is still joining: " + value);
              }
            });
  }

  private static void compare(
      List<String> findings, String what, @Nullable Object expected, @Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      findings.add(what + ": must be " + expected + ", is " + found);
    }
  }
}
