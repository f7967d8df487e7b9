package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.ListStagesResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;
import software.amazon.awssdk.services.ivsrealtime.model.StageSummary;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

class StagesTest {
  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_created_stage_has_an_arn_endpoints_and_no_session() {
    Stage stage = sim.ivs().createStage(r -> r.name("room-1_a").tags(Map.of("env", "dev"))).stage();

    assertThat(stage.arn()).matches("arn:aws:ivs:us-east-1:123456789012:stage/[a-zA-Z0-9]{12}");
    assertThat(stage.name()).isEqualTo("room-1_a");
    assertThat(stage.tags()).containsExactly(Map.entry("env", "dev"));
    assertThat(stage.activeSessionId()).isEmpty();
    assertThat(stage.endpoints().events()).isEqualTo("wss://global.events.live-video.net");
    assertThat(stage.endpoints().whip()).startsWith("https://").endsWith("live-video.net");
    assertThat(stage.endpoints().rtmp()).startsWith("rtmp://");
    assertThat(stage.endpoints().rtmps()).startsWith("rtmps://");
  }

  @Test
  void a_stage_can_be_read_renamed_and_deleted() {
    Stage created = sim.ivs().createStage(r -> r.name("before")).stage();

    assertThat(sim.ivs().getStage(r -> r.arn(created.arn())).stage()).isEqualTo(created);
    assertThat(sim.ivs().updateStage(r -> r.arn(created.arn()).name("after")).stage().name())
        .isEqualTo("after");
    assertThat(sim.ivs().updateStage(r -> r.arn(created.arn())).stage().name()).isEqualTo("after");
    sim.ivs().deleteStage(r -> r.arn(created.arn()));

    assertThatThrownBy(() -> sim.ivs().getStage(r -> r.arn(created.arn())))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void an_unknown_stage_is_404_for_every_operation_that_names_one() {
    String arn = sim.simulator().stageArn("NoSuchStage1");
    List<Callable<?>> calls =
        List.of(
            () -> sim.ivs().getStage(r -> r.arn(arn)),
            () -> sim.ivs().updateStage(r -> r.arn(arn).name("x")),
            () -> sim.ivs().deleteStage(r -> r.arn(arn)),
            () -> sim.ivs().createParticipantToken(r -> r.stageArn(arn)));

    assertThat(calls)
        .allSatisfy(
            call ->
                assertThatThrownBy(call::call)
                    .isInstanceOfSatisfying(
                        ResourceNotFoundException.class,
                        e -> {
                          assertThat(e.statusCode()).isEqualTo(404);
                          assertThat(e.exceptionMessage()).contains(arn);
                        }));
  }

  @Test
  void names_need_not_be_unique_nor_given() {
    sim.ivs().createStage(r -> r.name("same"));
    sim.ivs().createStage(r -> r.name("same"));
    assertThat(sim.ivs().createStage(r -> {}).stage().name()).isEmpty();
    assertThat(sim.stageCount()).isEqualTo(3);
  }

  @Test
  void the_list_comes_in_pages_with_tags_and_without_endpoints() {
    createStages(7);

    ListStagesResponse first = sim.ivs().listStages(r -> r.maxResults(3));
    assertThat(first.stages()).extracting(StageSummary::name).containsExactly("s0", "s1", "s2");
    assertThat(first.stages().get(0).tags()).containsEntry("n", "0");
    assertThat(first.nextToken()).matches("[a-zA-Z0-9+/=_-]{1,1024}");

    List<String> all =
        sim.ivs().listStagesPaginator(r -> r.maxResults(3)).stream()
            .flatMap(page -> page.stages().stream())
            .map(StageSummary::name)
            .toList();
    assertThat(all).containsExactly("s0", "s1", "s2", "s3", "s4", "s5", "s6");
  }

  @Test
  void a_full_last_page_has_no_next_token() {
    createStages(4);
    ListStagesResponse first = sim.ivs().listStages(r -> r.maxResults(2));
    ListStagesResponse last =
        sim.ivs().listStages(r -> r.maxResults(2).nextToken(first.nextToken()));
    assertThat(last.stages()).hasSize(2);
    assertThat(last.nextToken()).isNull();
  }

  @Test
  void an_empty_next_token_asks_for_the_first_page_and_a_page_holds_fifty() {
    createStages(51);
    ListStagesResponse page = sim.ivs().listStages(r -> r.nextToken(""));
    assertThat(page.stages()).hasSize(50);
    assertThat(page.stages().get(0).name()).isEqualTo("s0");
  }

  @Test
  void pages_show_every_stage_once_while_shown_ones_are_deleted() {
    createStages(6);
    ListStagesResponse first = sim.ivs().listStages(r -> r.maxResults(2));
    first.stages().forEach(stage -> sim.ivs().deleteStage(r -> r.arn(stage.arn())));
    ListStagesResponse second =
        sim.ivs().listStages(r -> r.maxResults(4).nextToken(first.nextToken()));
    assertThat(second.stages())
        .extracting(StageSummary::name)
        .containsExactly("s2", "s3", "s4", "s5");
  }

  @Test
  void a_token_of_another_list_is_refused() {
    createStages(2);
    String token = sim.ivs().listStages(r -> r.maxResults(1)).nextToken();
    assertThatThrownBy(() -> sim.ivs().listPublicKeys(r -> r.nextToken(token)))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void the_thousand_and_first_stage_is_402() {
    createStages(1_000);
    assertThatThrownBy(() -> sim.ivs().createStage(r -> r.name("one-too-many")))
        .isInstanceOfSatisfying(
            ServiceQuotaExceededException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(402);
              assertThat(e.exceptionMessage()).contains("1000");
            });
  }

  @Test
  void the_quota_can_be_set_and_holds_against_calls_at_the_same_moment() throws Exception {
    sim.steer("POST", "/limits", "{\"maxStages\": 5}");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> outcomes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        outcomes.add(threads.submit(this::couldCreate));
      }
      int created = 0;
      for (Future<Boolean> outcome : outcomes) {
        created += outcome.get() ? 1 : 0;
      }
      assertThat(created).isEqualTo(5);
    } finally {
      threads.shutdownNow();
    }
    assertThat(sim.stageCount()).isEqualTo(5);

    sim.steer("POST", "/limits", "{\"maxStages\": 0}");
    assertThat(couldCreate()).isTrue();
  }

  @Test
  void a_stage_given_at_the_start_has_the_told_arn() {
    try (TestSimulator seeded = new TestSimulator(o -> o.withStage("Main00000001", "main"))) {
      String arn = seeded.simulator().stageArn("Main00000001");
      assertThat(seeded.ivs().getStage(r -> r.arn(arn)).stage().name()).isEqualTo("main");
    }
  }

  private boolean couldCreate() {
    try {
      sim.ivs().createStage(r -> r.name("one"));
      return true;
    } catch (ServiceQuotaExceededException e) {
      return false;
    }
  }

  private void createStages(int count) {
    for (int i = 0; i < count; i++) {
      String number = Integer.toString(i);
      sim.ivs().createStage(r -> r.name("s" + number).tags(Map.of("n", number)));
    }
  }
}
