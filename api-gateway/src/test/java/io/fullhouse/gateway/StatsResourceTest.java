package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers, and who may see them. */
@ExtendWith(GatewayExtension.class)
final class StatsResourceTest {
  private final RunningGateway gateway;
  private final RedisView view;

  StatsResourceTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void statistics_have_the_fields_of_the_contract() {
    view.call(
        c ->
            c.set(
                "ivs:prod:stage:" + RunningGateway.MASTER,
                """
                {"name":"master","arn":"%s","autoScaled":false,
                 "createdAt":"2026-11-22T12:00:00Z"}"""
                    .formatted(RunningGateway.MASTER)));
    view.open("arn:aws:ivs:us-east-1:123456789012:stage/second");
    view.call(
        c -> c.set("ivs:prod:stage:arn:aws:ivs:us-east-1:123456789012:stage/second", "{damaged"));

    Answer answer = freshStats();

    assertThat(answer.data().fieldNames())
        .toIterable()
        .containsExactly(
            "totalViewers",
            "activeStages",
            "isPublisherLive",
            "stages",
            "broadcast",
            "timestamp",
            "asOf",
            "lagMillis");
    assertThat(answer.data().path("activeStages").asInt()).isEqualTo(2);
    assertThat(answer.data().path("isPublisherLive").asBoolean()).isTrue();
    assertThat(answer.data().path("broadcast").asText()).isEqualTo("main");
    assertThat(answer.data().path("stages"))
        .anySatisfy(
            stage -> {
              assertThat(stage.path("stageId").asText()).isEqualTo(RunningGateway.MASTER);
              assertThat(stage.path("stageArn").asText()).isEqualTo(RunningGateway.MASTER);
              assertThat(stage.path("stageName").asText()).isEqualTo("master");
              assertThat(stage.path("state").asText()).isEqualTo("active");
              assertThat(stage.path("capacity").asInt()).isEqualTo(50);
              assertThat(stage.path("seats").asInt()).isZero();
              assertThat(stage.at("/info/createdAt").asText())
                  .isEqualTo("2026-11-22T12:00:00.000Z");
            })
        .anySatisfy(stage -> assertThat(stage.path("stageName").asText()).isEqualTo("second"));
  }

  private Answer freshStats() {
    // Everything of one quarter of a second shares one read.
    return await()
        .until(
            () -> gateway.get("/api/stats"),
            answer -> answer.data().path("activeStages").asInt() == 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/stats/stages/AbCdEf123456",
        "/api/stats/stages/arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456",
        "/api/stats/stages/arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FAbCdEf123456",
        "/api/stats/stages?arn=arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456",
      })
  void one_stage_is_found_by_its_arn_or_short_id(String path) {
    Answer answer = await().until(() -> gateway.get(path), found -> found.status() == 200);

    assertThat(answer.data().path("stageArn").asText()).isEqualTo(RunningGateway.MASTER);
    assertThat(answer.data().path("viewerCount").asInt()).isZero();
    assertThat(answer.data().has("stageInfo")).isTrue();
  }

  @Test
  void the_index_and_health_need_no_key() {
    for (String path : List.of("/", "/health", "/api/health", "/health/live")) {
      assertThat(gateway.send(gateway.request(path).GET().build()).status()).isEqualTo(200);
    }
    Answer health = gateway.get("/health");
    assertThat(health.data().path("status").asText()).isEqualTo("healthy");
    assertThat(health.data().at("/services/redis").asText()).isEqualTo("connected");
    assertThat(health.data().at("/services/aws/region").asText()).isEqualTo("us-east-1");
    assertThat(health.data().at("/memory/used").asLong()).isPositive();
  }
}
