package io.fullhouse.simulator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who is on one stage, and its sessions. Guarded by {@link Turns}.
 *
 * <p>Kept are the last {@value #KEPT_SESSIONS} sessions, and of those who left the last {@value
 * #KEPT_DEPARTED}, with as many participants that were disconnected by the API.
 */
final class Room {
  static final int KEPT_SESSIONS = 20;
  static final int KEPT_DEPARTED = 20_000;

  private final String stageArn;
  private final Map<String, Guest> present = new LinkedHashMap<>();
  private final Map<String, Guest> departed = new Recent<>(KEPT_DEPARTED);
  private final Map<String, Boolean> burnt = new Recent<>(KEPT_DEPARTED);

  /** By a number that falls with time: the newest comes first. */
  private final NavigableMap<Long, Session> sessions = new TreeMap<>();

  private Optional<Session> active = Optional.empty();
  private long nextSessionPlace = Long.MAX_VALUE / 100;
  private int subscribers;
  private int publishingSubscribers;

  Room(String stageArn) {
    this.stageArn = stageArn;
  }

  String stageArn() {
    return stageArn;
  }

  Optional<Guest> guest(String participantId) {
    return Optional.ofNullable(present.get(participantId));
  }

  Optional<Guest> departed(String participantId) {
    return Optional.ofNullable(departed.get(participantId));
  }

  List<Guest> guests() {
    return List.copyOf(present.values());
  }

  int connected() {
    return present.size();
  }

  /** Guests that may subscribe; each is taken to subscribe to everybody else who publishes. */
  int subscribers() {
    return subscribers;
  }

  /** Replicas among them. */
  int publishers() {
    return active.map(Session::publishers).orElse(0);
  }

  /** Connections from a publisher to a subscriber; nobody subscribes to itself. */
  long subscriptions() {
    return (long) subscribers * publishers() - publishingSubscribers;
  }

  Optional<Session> activeSession() {
    return active;
  }

  NavigableMap<Long, Session> sessions() {
    return sessions;
  }

  Optional<Session> session(String sessionId) {
    return sessions.values().stream().filter(it -> it.id().equals(sessionId)).findFirst();
  }

  /** The active session; a new one when there is none, with everybody who is still here. */
  Session session(Instant now) {
    return active.orElseGet(() -> startSession(now));
  }

  private Session startSession(Instant now) {
    Session session = new Session(now);
    active = Optional.of(session);
    sessions.put(nextSessionPlace, session);
    nextSessionPlace--;
    if (sessions.size() > KEPT_SESSIONS) {
      sessions.pollLastEntry();
    }
    present.values().forEach(guest -> place(guest, session, now));
    return session;
  }

  /** Ends the active session for those who are in it; they keep their connection. */
  void endSession(Instant now) {
    active.ifPresent(
        session -> {
          session.participants().values().stream()
              .filter(Participant::isConnected)
              .forEach(participant -> participant.leave(now));
          session.end(now);
        });
    present.values().forEach(Guest::outliveSession);
    active = Optional.empty();
  }

  void admit(Guest guest, Instant now) {
    Session session = session(now);
    present.put(guest.id(), guest);
    departed.remove(guest.id());
    subscribers += guest.pass().maySubscribe() ? 1 : 0;
    place(guest, session, now);
  }

  private static void place(Guest guest, Session session, Instant now) {
    Participant participant = session.participant(guest.id(), now);
    participant.join(guest.pass(), now);
    guest.takePlace(participant);
  }

  /** It must not be publishing. Without effect for one who is gone. */
  void dismiss(Guest guest, Instant now) {
    if (!present.remove(guest.id(), guest)) {
      return;
    }
    subscribers -= guest.pass().maySubscribe() ? 1 : 0;
    guest.participant().ifPresent(participant -> participant.leave(now));
    departed.remove(guest.id());
    departed.put(guest.id(), guest);
  }

  void publish(Guest guest, Instant now) {
    Session session = session(now);
    session.publish(guest.participant().orElseThrow(), now);
    publishingSubscribers += guest.pass().maySubscribe() ? 1 : 0;
  }

  void unpublish(Guest guest, Instant now) {
    session(now).unpublish(guest.participant().orElseThrow(), now);
    publishingSubscribers -= guest.pass().maySubscribe() ? 1 : 0;
  }

  /** Whether this id is here as the replica of a participant of another stage. */
  boolean hasReplica(String participantId) {
    return active
        .flatMap(session -> session.find(participantId))
        .filter(participant -> participant.isReplica() && participant.isConnected())
        .isPresent();
  }

  boolean isBurnt(String participantId) {
    return burnt.containsKey(participantId);
  }

  void burn(String participantId) {
    burnt.put(participantId, true);
  }
}
