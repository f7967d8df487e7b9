package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One session of a stage and all who took part. Guarded by {@link Turns}. Of those who left, the
 * earliest are forgotten when there are {@value #KEPT_PARTICIPANTS} participants.
 */
final class Session {
  static final int KEPT_PARTICIPANTS = 20_000;

  private final String id = Ids.session();
  private final Instant startTime;
  private final Map<String, Long> places = new HashMap<>();
  private final NavigableMap<Long, Participant> inOrder = new TreeMap<>();
  private Optional<Instant> endTime = Optional.empty();
  private boolean everPublished;
  private int publishers;
  private long joined;

  Session(Instant startTime) {
    this.startTime = startTime;
  }

  String id() {
    return id;
  }

  boolean hasBeenPublishedIn() {
    return everPublished;
  }

  /** How many publish now, replicas among them. */
  int publishers() {
    return publishers;
  }

  void publish(Participant participant, Instant now) {
    everPublished = true;
    publishers++;
    participant.publish(now);
  }

  void unpublish(Participant participant, Instant now) {
    publishers--;
    participant.unpublish(now);
  }

  Optional<Participant> find(String participantId) {
    Long place = places.get(participantId);
    return place == null ? Optional.empty() : Optional.ofNullable(inOrder.get(place));
  }

  /** The participant's place in this session, which it keeps when it comes back. */
  Participant participant(String participantId, Instant now) {
    return find(participantId).orElseGet(() -> add(new Participant(participantId, now)));
  }

  private Participant add(Participant participant) {
    if (inOrder.size() >= KEPT_PARTICIPANTS) {
      forgetOne();
    }
    joined++;
    places.put(participant.id(), joined);
    inOrder.put(joined, participant);
    return participant;
  }

  private void forgetOne() {
    for (Iterator<Participant> all = inOrder.values().iterator(); all.hasNext(); ) {
      Participant participant = all.next();
      if (!participant.isConnected()) {
        all.remove();
        places.remove(participant.id());
        return;
      }
    }
  }

  NavigableMap<Long, Participant> participants() {
    return inOrder;
  }

  void end(Instant now) {
    endTime = Optional.of(now);
  }

  /** The shape in GetStageSession and ListStageSessions. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("sessionId", id).put("startTime", startTime.toString());
    endTime.ifPresent(time -> json.put("endTime", time.toString()));
    return json;
  }
}
