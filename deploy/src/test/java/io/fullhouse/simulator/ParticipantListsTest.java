package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ivsrealtime.model.InternalServerException;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.ListParticipantsRequest;
import software.amazon.awssdk.services.ivsrealtime.model.ListParticipantsResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

class ParticipantListsTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private final List<String> viewers = new ArrayList<>();
  private String stage = "";
  private String session = "";

  @BeforeEach
  void fill() {
    stage = clients.stage();
    for (int i = 0; i < 60; i++) {
      viewers.add(clients.viewer(stage));
    }
    session = clients.activeSession(stage);
  }

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_page_has_fifty_unless_asked_for_more_or_less_and_all_pages_have_all() {
    ListParticipantsResponse first = list(r -> {});
    assertThat(first.participants()).hasSize(50);
    assertThat(list(r -> r.nextToken(first.nextToken())).participants()).hasSize(10);
    assertThat(list(r -> r.nextToken(first.nextToken())).nextToken()).isNull();
    assertThat(list(r -> r.maxResults(60)).nextToken()).isNull();
    assertThat(ids(7)).containsExactlyElementsOf(viewers);
    assertThatThrownBy(() -> list(r -> r.maxResults(101))).isInstanceOf(ValidationException.class);
  }

  @Test
  void those_who_stay_are_listed_exactly_once_while_others_come_and_go() {
    ListParticipantsResponse first = list(r -> r.maxResults(30).filterByState("CONNECTED"));
    clients.act("leave", stage, viewers.get(3));
    clients.act("leave", stage, viewers.get(40));
    clients.act("leave", stage, viewers.get(29));
    String late = clients.viewer(stage);
    List<String> rest =
        list(r -> r.maxResults(100).filterByState("CONNECTED").nextToken(first.nextToken()))
            .participants()
            .stream()
            .map(ParticipantSummary::participantId)
            .toList();
    List<String> expected = new ArrayList<>(viewers.subList(30, 60));
    expected.remove(viewers.get(40));
    expected.add(late);
    assertThat(rest).containsExactlyElementsOf(expected);
  }

  @Test
  void a_filter_lets_through_what_it_says() {
    String publisher = clients.publisher(stage);
    clients.act("leave", stage, viewers.get(0));
    assertThat(list(r -> r.filterByPublished(true)).participants())
        .extracting(ParticipantSummary::participantId)
        .containsExactly(publisher);
    assertThat(list(r -> r.filterByState("DISCONNECTED")).participants())
        .extracting(ParticipantSummary::participantId)
        .containsExactly(viewers.get(0));
    assertThat(list(r -> r.filterByUserId("nobody")).participants()).isEmpty();
    assertThat(list(r -> r.filterByUserId("u")).participants()).hasSize(50);
    assertThat(list(r -> r.filterByRecordingState("ACTIVE")).participants()).isEmpty();
    clients.act("unpublish", stage, publisher);
    assertThat(list(r -> r.filterByPublished(true)).participants()).hasSize(1);
  }

  @Test
  void two_filters_and_unknown_values_are_refused() {
    assertThatThrownBy(() -> list(r -> r.filterByPublished(false).filterByUserId("u")))
        .isInstanceOf(ValidationException.class);
    assertThatThrownBy(() -> list(r -> r.filterByState("GONE")))
        .isInstanceOf(ValidationException.class);
    assertThatThrownBy(() -> list(r -> r.sessionId("st-1")))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void a_token_of_one_list_is_worth_nothing_in_another() {
    String next = list(r -> {}).nextToken();
    assertThatThrownBy(() -> list(r -> r.nextToken(next).filterByState("CONNECTED")))
        .isInstanceOf(ValidationException.class);
    String other = clients.stage();
    clients.viewer(other);
    String otherSession = clients.activeSession(other);
    assertThatThrownBy(() -> list(r -> r.stageArn(other).sessionId(otherSession).nextToken(next)))
        .isInstanceOf(ValidationException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 400})
  void what_a_list_says_of_something_unknown_can_be_set(int status) {
    sim.steer("POST", "/limits", "{\"unknownListStatus\":" + status + "}");
    assertThat(
            catchThrowableOfType(
                    IvsRealTimeException.class, () -> list(r -> r.sessionId("st-0000000000000")))
                .statusCode())
        .isEqualTo(status);
    assertThat(
            catchThrowableOfType(
                    IvsRealTimeException.class,
                    () -> sim.ivs().listStageSessions(r -> r.stageArn(stage + "x")))
                .statusCode())
        .isEqualTo(status);
  }

  @Test
  void a_list_of_something_unknown_can_be_empty() {
    sim.steer("POST", "/limits", "{\"unknownListStatus\":0}");
    assertThat(list(r -> r.sessionId("st-0000000000000")).participants()).isEmpty();
    assertThat(sim.ivs().listStageSessions(r -> r.stageArn(stage + "x")).stageSessions()).isEmpty();
  }

  @Test
  void a_page_of_participants_can_fail() {
    sim.steer(
        "POST",
        "/faults",
        "{\"op\":\"ListParticipants\",\"kind\":\"partial\",\"page\":3,\"times\":1}");
    assertThatThrownBy(() -> ids(20)).isInstanceOf(InternalServerException.class);
    assertThat(ids(20)).hasSize(60);
  }

  private ListParticipantsResponse list(Consumer<ListParticipantsRequest.Builder> request) {
    return sim.ivs()
        .listParticipants(
            r -> {
              r.stageArn(stage).sessionId(session);
              request.accept(r);
            });
  }

  private List<String> ids(int pageSize) {
    return sim
        .ivs()
        .listParticipantsPaginator(r -> r.stageArn(stage).sessionId(session).maxResults(pageSize))
        .stream()
        .flatMap(page -> page.participants().stream())
        .map(ParticipantSummary::participantId)
        .toList();
  }
}
