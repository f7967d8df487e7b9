package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.Event;
import software.amazon.awssdk.services.ivsrealtime.model.EventName;
import software.amazon.awssdk.services.ivsrealtime.model.Participant;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantState;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.StageSessionSummary;

class SessionsTest {
  private static final Duration SESSION_END = Duration.ofMinutes(3);

  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private String stage = "";

  @BeforeEach
  void createStage() {
    stage = clients.stage();
  }

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void the_first_join_starts_a_session_and_an_idle_stage_has_none() {
    assertThat(clients.activeSession(stage)).isEmpty();
    String viewer = clients.viewer(stage);

    String session = clients.activeSession(stage);
    assertThat(session).matches("st-[a-zA-Z0-9]{13}").hasSize(16);
    assertThat(sim.ivs().listStages(r -> {}).stages().get(0).activeSessionId()).isEqualTo(session);
    Participant participant = participant(session, viewer);
    assertThat(participant.state()).isEqualTo(ParticipantState.CONNECTED);
    assertThat(participant.firstJoinTime()).isEqualTo(sim.now());
    assertThat(participant.published()).isFalse();
    assertThat(participant.replicationTypeAsString()).isEqualTo("NONE");
    assertThat(participant.recordingStateAsString()).isEqualTo("DISABLED");
  }

  @Test
  void a_session_ends_minutes_after_the_last_publisher_stopped_and_the_next_is_another() {
    String publisher = clients.publisher(stage);
    String viewer = clients.viewer(stage);
    String first = clients.activeSession(stage);
    clients.act("unpublish", stage, publisher);

    sim.pass(SESSION_END.minusMillis(1));
    assertThat(clients.activeSession(stage)).isEqualTo(first);
    sim.pass(Duration.ofMillis(1));
    assertThat(clients.activeSession(stage)).isEmpty();
    assertThat(participant(first, viewer).state()).isEqualTo(ParticipantState.DISCONNECTED);

    clients.act("publish", stage, publisher);
    String second = clients.activeSession(stage);
    assertThat(second).isNotEmpty().isNotEqualTo(first);
    assertThat(participant(second, viewer).state()).isEqualTo(ParticipantState.CONNECTED);
    List<StageSessionSummary> history = sessions();
    assertThat(history).extracting(StageSessionSummary::sessionId).containsExactly(second, first);
    assertThat(history.get(1).endTime()).isEqualTo(sim.now());
    assertThat(history.get(0).endTime()).isNull();
    assertThat(
            sim.ivs()
                .getStageSession(r -> r.stageArn(stage).sessionId(first))
                .stageSession()
                .endTime())
        .isEqualTo(sim.now());
  }

  @Test
  void publishing_again_in_time_keeps_the_session() {
    String publisher = clients.publisher(stage);
    String session = clients.activeSession(stage);
    clients.act("leave", stage, publisher);
    sim.pass(SESSION_END.minusSeconds(1));
    clients.publisher(stage);
    sim.pass(SESSION_END.multipliedBy(10));
    assertThat(clients.activeSession(stage)).isEqualTo(session);
  }

  @Test
  void a_lobby_without_publisher_keeps_its_session_while_somebody_waits() {
    String viewer = clients.viewer(stage);
    String session = clients.activeSession(stage);
    sim.pass(Duration.ofHours(5));
    assertThat(clients.activeSession(stage)).isEqualTo(session);
    clients.act("leave", stage, viewer);
    sim.pass(SESSION_END);
    assertThat(clients.activeSession(stage)).isEmpty();
  }

  @Test
  void when_a_session_ends_and_whether_viewers_outlive_it_can_be_set() {
    sim.steer("POST", "/limits", "{\"sessionEndMillis\":1000,\"outliveSession\":0}");
    String publisher = clients.publisher(stage);
    String viewer = clients.viewer(stage);
    clients.act("leave", stage, publisher);
    sim.pass(Duration.ofSeconds(1));
    assertThat(clients.activeSession(stage)).isEmpty();
    assertThat(Clients.code(clients.tryAct("leave", stage, viewer)))
        .isEqualTo("404 ResourceNotFoundException");
  }

  @Test
  void what_a_participant_did_stands_in_its_events() {
    String id = clients.publisher(stage);
    String session = clients.activeSession(stage);
    sim.pass(Duration.ofSeconds(5));
    clients.act("unpublish", stage, id);
    clients.act("leave", stage, id);

    List<Event> events = events(session, id);
    assertThat(events)
        .extracting(Event::name)
        .containsExactly(
            EventName.JOINED, EventName.PUBLISH_STARTED, EventName.PUBLISH_STOPPED, EventName.LEFT);
    assertThat(events.get(3).eventTime()).isEqualTo(sim.now());
    assertThat(events.get(0).eventTime()).isEqualTo(sim.now().minusSeconds(5));
    assertThat(events.get(0).participantId()).isEqualTo(id);
    Participant gone = participant(session, id);
    assertThat(gone.state()).isEqualTo(ParticipantState.DISCONNECTED);
    assertThat(gone.published()).isTrue();
  }

  @Test
  void a_publish_error_is_an_event_with_its_code() {
    String id = clients.viewer(stage);
    assertThat(Clients.code(clients.tryAct("publish", stage, id)))
        .isEqualTo("400 TOKEN_NOT_ALLOWED");
    sim.steer(
        "POST",
        "/publish",
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\",\"error\":\"BITRATE_EXCEEDED\"}"
            .formatted(stage, id));
    assertThat(events(clients.activeSession(stage), id))
        .extracting(Event::errorCodeAsString)
        .containsExactly(null, "INSUFFICIENT_CAPABILITIES", "BITRATE_EXCEEDED");
  }

  @Test
  void get_operations_refuse_what_is_unknown() {
    String session = "st-0000000000000";
    assertThatThrownBy(() -> sim.ivs().getStageSession(r -> r.stageArn(stage).sessionId(session)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> participant(session, "p"))
        .isInstanceOf(ResourceNotFoundException.class);
    clients.viewer(stage);
    assertThatThrownBy(() -> participant(clients.activeSession(stage), "p"))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void the_steering_shows_sessions_and_participants_or_their_numbers() {
    clients.publisher(stage);
    clients.viewer(stage);
    clients.stage();

    JsonNode all = sim.look("/stages?stage=" + stage).get("stages");
    assertThat(all).hasSize(1);
    assertThat(all.at("/0/connected").asInt()).isEqualTo(2);
    assertThat(all.at("/0/publishing").asInt()).isEqualTo(1);
    assertThat(all.at("/0/sessions/0/participants")).hasSize(2);
    assertThat(all.at("/0/sessions/0/participants/0/publishing").asBoolean()).isTrue();
    JsonNode numbers = sim.look("/stages?participants=none").get("stages");
    assertThat(numbers).hasSize(2);
    assertThat(numbers.at("/0/sessions/0").has("participants")).isFalse();
  }

  private Participant participant(String session, String id) {
    return sim.ivs()
        .getParticipant(r -> r.stageArn(stage).sessionId(session).participantId(id))
        .participant();
  }

  private List<Event> events(String session, String id) {
    return sim.ivs()
        .listParticipantEvents(r -> r.stageArn(stage).sessionId(session).participantId(id))
        .events();
  }

  private List<StageSessionSummary> sessions() {
    return sim.ivs().listStageSessions(r -> r.stageArn(stage)).stageSessions();
  }
}
