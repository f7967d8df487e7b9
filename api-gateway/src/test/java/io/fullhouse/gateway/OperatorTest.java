package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator's routes, as far as the gateway alone carries them. */
@ExtendWith(GatewayExtension.class)
final class OperatorTest {
  private final RunningGateway gateway;
  private final RedisView view;

  OperatorTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void without_a_scaler_the_state_is_stale_and_has_no_leader() {
    Answer answer = gateway.get("/api/scaler");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.data().path("mode").asText()).isEqualTo("auto");
    assertThat(answer.data().path("leader").isNull()).isTrue();
    assertThat(answer.data().path("stale").asBoolean()).isTrue();
    assertThat(answer.data().at("/doors/open").asBoolean()).isTrue();
    assertThat(answer.data().at("/end/ended").asBoolean(true)).isFalse();
  }

  @Test
  void what_the_scaler_last_said_is_shown_with_its_age() {
    view.call(c -> c.set(view.keys.scalerLease(), "1763900000000|scaler-1"));
    view.call(
        c ->
            c.set(
                view.keys.scalerState(),
                "{\"at\":\"2020-01-01T00:00:00Z\",\"desired\":3,\"schedule\":{\"configured\":[]}}"));
    Answer old = gateway.get("/api/scaler");

    assertThat(old.data().at("/leader/name").asText()).isEqualTo("scaler-1");
    assertThat(old.data().at("/leader/since").asText()).isEqualTo("2025-11-23T12:13:20.000Z");
    assertThat(old.data().path("desired").asInt()).isEqualTo(3);
    assertThat(old.data().path("stale").asBoolean()).isTrue();

    view.call(c -> c.set(view.keys.scalerState(), "{\"at\":\"2100-01-01T00:00:00Z\"}"));
    assertThat(gateway.get("/api/scaler").data().path("stale").asBoolean(true)).isFalse();
    view.call(c -> c.set(view.keys.scalerState(), "{damaged"));
    assertThat(gateway.get("/api/scaler").data().path("stale").asBoolean()).isTrue();
  }

  @Test
  void decisions_come_newest_first_and_page_by_page() {
    for (int i = 1; i <= 5; i++) {
      String json = "{\"desired\":" + i + "}";
      view.call(c -> c.xadd(view.keys.scalerDecisions(), Map.of("json", json)));
    }
    Answer first = gateway.get("/api/scaler/decisions?limit=3");
    assertThat(first.data().path("decisions").findValuesAsText("desired"))
        .containsExactly("5", "4", "3");
    String cursor = first.data().path("nextCursor").asText();
    Answer rest = gateway.get("/api/scaler/decisions?limit=3&cursor=" + cursor);
    assertThat(rest.data().path("decisions").findValuesAsText("desired")).containsExactly("2", "1");
    assertThat(rest.data().path("nextCursor").isNull()).isTrue();

    assertRefused(gateway.get("/api/scaler/decisions?limit=0"), 400, "VALIDATION_ERROR");
    assertRefused(gateway.get("/api/scaler/decisions?cursor=x"), 400, "VALIDATION_ERROR");
  }

  @Test
  void the_mode_is_a_key_that_outlives_every_process() {
    assertThat(put("/api/scaler/mode", "{\"mode\":\"hold\"}").data().path("mode").asText())
        .isEqualTo("hold");
    assertThat(view.<String>call(c -> c.get(view.keys.scalerMode()))).isEqualTo("hold");
    assertThat(gateway.get("/api/scaler").data().path("mode").asText()).isEqualTo("hold");

    put("/api/scaler/mode", "{\"mode\":\"auto\"}");
    assertThat(gateway.get("/api/scaler").data().path("mode").asText()).isEqualTo("auto");
  }

  @Test
  void seats_wanted_beforehand_are_kept_until_zero_is_wanted() {
    Answer set =
        put(
            "/api/scaler/floor",
            "{\"seats\":300,\"from\":\"2026-11-23T18:00:00Z\",\"until\":\"2026-11-23T20:00:00Z\"}");
    assertThat(set.data().path("seats").asInt()).isEqualTo(300);
    assertThat(gateway.get("/api/scaler").data().at("/schedule/operator/0/until").asText())
        .isEqualTo("2026-11-23T20:00:00Z");

    assertThat(put("/api/scaler/floor", "{\"seats\":0}").status()).isEqualTo(200);
    assertThat(view.<Long>call(c -> c.exists(view.keys.scalerFloor()))).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/scaler/mode  | {}                    | missingFields | mode",
        "/api/scaler/mode  | {'mode':'fast'}       | invalidFields | mode",
        "/api/scaler/floor | {}                    | missingFields | seats",
        "/api/scaler/floor | {'seats':-1}          | invalidFields | seats",
        "/api/scaler/floor | {'seats':1.5}         | invalidFields | seats",
        "/api/scaler/floor | {'seats':'1'}         | invalidFields | seats",
        "/api/scaler/floor | {'seats':1,'from':1}  | invalidFields | from",
        "/api/scaler/floor | {'seats':1,'from':'2026-11-23T20:00:00Z','until':'2026-11-23T20:00:00Z'}"
            + " | invalidFields | until",
        "/api/doors        | {}                    | missingFields | open",
        "/api/doors        | {'open':'no'}         | invalidFields | open",
        "/api/doors        | {'open':true,'message':1} | invalidFields | message",
      })
  void bad_input_names_its_fields(String path, String json, String kind, String field) {
    Answer answer = put(path.trim(), json.replace('\'', '"'));

    assertRefused(answer, 400, "VALIDATION_ERROR");
    assertThat(answer.body().at("/error/details/" + kind + "/0").asText()).isEqualTo(field);
  }

  @Test
  void reading_takes_stats_or_operate_and_telling_takes_operate() {
    assertThat(with("read-key", "GET", "/api/scaler", "").status()).isEqualTo(200);
    assertThat(with("read-key", "GET", "/api/scaler/decisions", "").status()).isEqualTo(200);
    assertRefused(with("join-key", "GET", "/api/scaler", ""), 403, "FORBIDDEN");
    for (String path : new String[] {"/api/scaler/mode", "/api/scaler/floor", "/api/doors"}) {
      Answer answer = with("read-key", "PUT", path, "{}");
      assertRefused(answer, 403, "FORBIDDEN");
      assertThat(answer.body().at("/error/details/scope").asText()).isEqualTo("operate");
    }
    assertRefused(with("read-key", "POST", "/api/broadcast/end", "{}"), 403, "FORBIDDEN");
    assertRefused(with("read-key", "DELETE", "/api/broadcast/end", ""), 403, "FORBIDDEN");
    assertRefused(with("no-key", "GET", "/api/scaler", ""), 401, "UNAUTHORIZED");
  }

  @Test
  void closed_doors_turn_newcomers_away_with_the_operators_words() {
    put("/api/doors", "{\"open\":false,\"message\":\"We open at eight\"}");
    Answer refused = gateway.post("/api/token/viewer", "{\"userId\":\"anna\"}");

    assertRefused(refused, 503, "STAGE_FULL");
    assertThat(refused.reason()).isEqualTo("DOORS_CLOSED");
    assertThat(refused.body().at("/error/message").asText()).isEqualTo("We open at eight");
    assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(30, 60);
    assertThat(gateway.get("/api/scaler").data().at("/doors/message").asText())
        .isEqualTo("We open at eight");

    put("/api/doors", "{\"open\":true}");
    assertThat(gateway.post("/api/token/viewer", "{\"userId\":\"anna\"}").status()).isEqualTo(200);
  }

  @Test
  void who_is_seated_stays_behind_closed_doors() {
    Answer joined = gateway.post("/api/token/viewer", "{\"userId\":\"anna\"}");
    String seat = joined.data().path("seat").asText();
    put("/api/doors", "{\"open\":false}");

    Answer beat = gateway.postSeat("/api/viewer/heartbeat", seat);
    assertThat(beat.data().at("/next/action").asText()).isEqualTo("continue");
    assertThat(gateway.postSeat("/api/viewer/rejoin", seat).status()).isEqualTo(200);
    assertThat(gateway.post("/api/token/viewer", "{\"userId\":\"anna\"}").status())
        .as("a page that is loaded again")
        .isEqualTo(200);
    Answer stranger = gateway.post("/api/token/viewer", "{\"userId\":\"bert\"}");
    assertThat(stranger.reason()).isEqualTo("DOORS_CLOSED");
  }

  @ParameterizedTest
  @CsvSource({
    "'',OPENING,2,5",
    "MAX_STAGES,MAX_STAGES,30,60",
    "STAGE_QUOTA,MAX_STAGES,30,60",
    "HOLD,MAX_STAGES,30,60",
    "REPLICA_LIMIT,REPLICA_LIMIT,30,60",
    "SUBSCRIPTION_QUOTA,SUBSCRIPTION_QUOTA,30,60",
    "of a later version,OPENING,2,5",
  })
  void a_full_house_says_what_stands_in_the_way(String limit, String reason, int from, int to) {
    view.call(c -> c.zadd(view.keys.stages(), 50, RunningGateway.MASTER));
    if (!limit.isEmpty()) {
      view.call(c -> c.set(view.keys.scalerLimit(), limit));
    }
    Answer full = gateway.post("/api/token/viewer", "{\"userId\":\"anna\"}");

    assertRefused(full, 503, "STAGE_FULL");
    assertThat(full.reason()).isEqualTo(reason);
    assertThat(Integer.parseInt(full.header("retry-after"))).isBetween(from, to);
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5", "86401"})
  void an_end_lies_within_a_day(String seconds) {
    Answer answer = gateway.post("/api/broadcast/end", "{\"afterSeconds\":" + seconds + "}");

    assertRefused(answer, 400, "VALIDATION_ERROR");
    assertThat(answer.body().at("/error/details/invalidFields/0").asText())
        .isEqualTo("afterSeconds");
  }

  private Answer put(String path, String json) {
    return with(RunningGateway.KEY, "PUT", path, json);
  }

  private Answer with(String key, String method, String path, String json) {
    return gateway.send(
        gateway
            .request(path)
            .header("X-API-Key", key)
            .header("Content-Type", "application/json")
            .method(
                method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .build());
  }
}
