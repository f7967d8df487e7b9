package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.simulator.ParticipantEvent.Name;
import io.fullhouse.simulator.ParticipantEvent.Place;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a session remembers of a participant, also after it left. Guarded by {@link Turns}. Of its
 * events the last {@value #KEPT_EVENTS} are kept.
 */
final class Participant {
  static final int KEPT_EVENTS = 100;

  private final String id;
  private final Instant firstJoinTime;
  private final NavigableMap<Long, ParticipantEvent> events = new TreeMap<>();
  private String userId = "";
  private Map<String, String> attributes = Map.of();
  private Optional<Place> source = Optional.empty();
  private boolean connected;
  private boolean publishing;
  private boolean everPublished;
  private boolean everReplicated;
  private int activeReplicas;
  private long happened;

  Participant(String id, Instant now) {
    this.id = id;
    this.firstJoinTime = now;
  }

  String id() {
    return id;
  }

  String userId() {
    return userId;
  }

  Map<String, String> attributes() {
    return attributes;
  }

  boolean isConnected() {
    return connected;
  }

  boolean isPublishing() {
    return publishing;
  }

  /** Ever in this session, which is what {@code published} means in the API. */
  boolean hasPublished() {
    return everPublished;
  }

  boolean isReplica() {
    return source.isPresent();
  }

  NavigableMap<Long, ParticipantEvent> events() {
    return events;
  }

  void join(Pass pass, Instant now) {
    source = Optional.empty();
    connect(pass.userId(), pass.attributes(), now);
  }

  /** As a replica: its own attributes are laid over those of the original. */
  void joinAsReplica(Participant original, Place from, Map<String, String> own, Instant now) {
    source = Optional.of(from);
    Map<String, String> merged = new LinkedHashMap<>(original.attributes);
    merged.putAll(own);
    connect(original.userId, merged, now);
  }

  private void connect(String newUserId, Map<String, String> newAttributes, Instant now) {
    userId = newUserId;
    attributes = Map.copyOf(newAttributes);
    connected = true;
    note(Name.JOINED, now);
  }

  void leave(Instant now) {
    connected = false;
    note(Name.LEFT, now);
  }

  void publish(Instant now) {
    publishing = true;
    everPublished = true;
    note(Name.PUBLISH_STARTED, now);
  }

  void unpublish(Instant now) {
    publishing = false;
    note(Name.PUBLISH_STOPPED, now);
  }

  void failToPublish(String errorCode, Instant now) {
    note(Name.PUBLISH_ERROR, now, Optional.of(errorCode), Optional.empty());
  }

  void replicationStarted(Place destination, Instant now) {
    everReplicated = true;
    activeReplicas++;
    note(Name.REPLICATION_STARTED, now, Optional.empty(), Optional.of(destination));
  }

  void replicationStopped(Place destination, Instant now) {
    activeReplicas--;
    note(Name.REPLICATION_STOPPED, now, Optional.empty(), Optional.of(destination));
  }

  private void note(Name name, Instant now) {
    note(name, now, Optional.empty(), Optional.empty());
  }

  private void note(
      Name name, Instant now, Optional<String> errorCode, Optional<Place> destination) {
    happened++;
    events.put(happened, new ParticipantEvent(name, id, now, isReplica(), errorCode, destination));
    if (events.size() > KEPT_EVENTS) {
      events.pollFirstEntry();
    }
  }

  /** The shape in ListParticipants. */
  ObjectNode summary() {
    ObjectNode json = Json.object();
    json.put("participantId", id).put("userId", userId);
    json.put("state", connected ? "CONNECTED" : "DISCONNECTED");
    json.put("firstJoinTime", firstJoinTime.toString()).put("published", everPublished);
    json.put("recordingState", "DISABLED").put("replicationType", replicationType());
    if (isReplica()) {
      json.put("replicationState", connected ? "ACTIVE" : "STOPPED");
    } else if (everReplicated) {
      json.put("replicationState", activeReplicas > 0 ? "ACTIVE" : "STOPPED");
    }
    source.ifPresent(
        place ->
            json.put("sourceStageArn", place.stageArn()).put("sourceSessionId", place.sessionId()));
    return json;
  }

  private String replicationType() {
    if (isReplica()) {
      return "REPLICA";
    }
    return everReplicated ? "SOURCE" : "NONE";
  }

  /** The shape in GetParticipant. What a browser would say about itself nobody says here. */
  ObjectNode toJson() {
    ObjectNode json = summary().put("protocol", "UNKNOWN");
    json.set("attributes", Json.object(attributes));
    return json;
  }
}
