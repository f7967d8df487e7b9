package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Shows all that is held about the stages, at one instant. Thread-safe. */
final class StageView {
  private final ResourceTable<Stage> stages;
  private final Venue venue;

  StageView(ResourceTable<Stage> stages, Venue venue) {
    this.stages = stages;
    this.venue = venue;
  }

  /**
   * @param query {@code stage}: this ARN alone; {@code participants=none}: their numbers alone;
   *     {@code past=none}: no session and no replica that has ended
   */
  ObjectNode toJson(Map<String, String> query) {
    boolean participantsToo = isWanted(query, "participants");
    boolean pastToo = isWanted(query, "past");
    Optional<String> only = Optional.ofNullable(query.get("stage"));
    ObjectNode json = Json.object();
    ArrayNode all = json.putArray("stages");
    return venue.turn(
        now -> {
          stages.all().stream()
              .filter(stage -> only.isEmpty() || only.get().equals(stage.arn()))
              .forEach(stage -> all.add(toJson(stage, participantsToo, pastToo)));
          return json;
        });
  }

  private static boolean isWanted(Map<String, String> query, String part) {
    return !query.getOrDefault(part, "all").equals("none");
  }

  private ObjectNode toJson(Stage stage, boolean participantsToo, boolean pastToo) {
    Room room = venue.rooms().get(stage.arn());
    ObjectNode json = stage.toJson(venue.rooms().activeSessionId(stage.arn()));
    json.put("createdAt", stage.createdAt().toString());
    json.put("connected", room.connected()).put("publishing", room.publishers());
    ArrayNode sessions = json.putArray("sessions");
    Collection<Session> shownSessions =
        pastToo ? room.sessions().values() : room.activeSession().stream().toList();
    for (Session session : shownSessions) {
      ObjectNode shown = session.toJson();
      if (participantsToo) {
        ArrayNode participants = shown.putArray("participants");
        session.participants().values().forEach(it -> participants.add(toJson(room, it)));
      }
      sessions.add(shown);
    }
    ArrayNode replicas = json.putArray("replicas");
    venue.replications().inOrder().values().stream()
        .filter(it -> it.source().equals(room) && (pastToo || it.isRunning()))
        .forEach(it -> replicas.add(it.toJson()));
    return json;
  }

  private static ObjectNode toJson(Room room, Participant participant) {
    boolean vanished =
        room.guest(participant.id())
            .filter(guest -> guest.participant().equals(Optional.of(participant)))
            .filter(Guest::isVanished)
            .isPresent();
    return participant
        .toJson()
        .put("publishing", participant.isPublishing())
        .put("vanished", vanished);
  }
}
