package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A moderator's routes. Nothing is folded here: whoever joins is joining still. */
@ExtendWith(GatewayExtension.class)
final class ModerationTest {
  private final RunningGateway gateway;
  private final RedisView view;

  ModerationTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void a_ban_is_a_leave_and_a_ban_in_the_log_and_no_join_comes_after_it() {
    JsonNode joined = join("anna").data();
    Answer banned = ban("{\"userId\":\"anna\",\"reason\":\"insults\"}");

    assertThat(banned.status()).isEqualTo(200);
    assertThat(banned.data().path("banned").asBoolean()).isTrue();
    assertThat(banned.data().path("reason").asText()).isEqualTo("insults");
    assertThat(Instant.parse(banned.data().path("since").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    Map<String, String> join = view.entries().get(0);
    Map<String, String> leave = view.entries().get(1);
    assertThat(leave)
        .containsEntry("t", "leave")
        .containsEntry("s", MASTER)
        .containsEntry("p", joined.path("participantId").asText())
        .containsEntry("a", join.getOrDefault("a", ""))
        .containsEntry("why", "ban");
    assertThat(view.entries().get(2))
        .containsEntry("t", "ban")
        .containsEntry("u", "anna")
        .containsEntry("until", "0")
        .doesNotContainValue("insults");
    String seat = joined.path("seat").asText();

    for (Answer back :
        List.of(
            join("anna"),
            gateway.postSeat("/api/viewer/rejoin", seat),
            gateway.post(
                "/api/viewer/rejoin",
                "{\"userId\":\"anna\",\"stageArn\":\""
                    + MASTER
                    + "\",\"participantId\":\"p1\"}"))) {
      assertRefused(back, 403, "FORBIDDEN");
      assertThat(back.reason()).isEqualTo("BANNED");
      assertThat(back.body().at("/error/details/until").isMissingNode()).isTrue();
    }
    Answer beat = gateway.postSeat("/api/viewer/heartbeat", seat);
    assertThat(beat.status()).isEqualTo(200);
    assertThat(beat.data().path("heartbeatUpdated").asBoolean(true)).isFalse();
    assertThat(next(beat)).isEqualTo("stop banned");
    assertThat(
            next(
                gateway.post(
                    "/api/viewer/heartbeat",
                    "{\"userId\":\"anna\",\"stageArn\":\"" + MASTER + "\"}")))
        .isEqualTo("stop banned");
    assertThat(view.entries()).filteredOn(entry -> "join".equals(entry.get("t"))).hasSize(1);
  }

  @Test
  void who_is_present_is_told_so_by_the_next_heartbeat_also_while_nobody_folds() {
    JsonNode joined = join("anna").data();
    present("anna", joined.path("participantId").asText(), admission());
    String seat = joined.path("seat").asText();
    assertThat(next(gateway.postSeat("/api/viewer/heartbeat", seat))).isEqualTo("continue");
    ban("{\"userId\":\"anna\"}");

    assertThat(next(gateway.postSeat("/api/viewer/heartbeat", seat))).isEqualTo("stop banned");
  }

  @Test
  void who_is_not_there_is_banned_beforehand() {
    ban("{\"userId\":\"anna\"}");

    assertThat(view.entries()).extracting(entry -> entry.get("t")).containsExactly("ban");
    assertThat(join("anna").reason()).isEqualTo("BANNED");
    assertThat(join("bert").status()).isEqualTo(200);
    assertThat(view.<Long>call(c -> c.zcard(view.keys.disconnectBanned()))).isZero();
  }

  @Test
  void the_same_ban_again_is_no_further_event_and_another_one_replaces_it() {
    String since = ban("{\"userId\":\"anna\"}").data().path("since").asText();
    assertThat(ban("{\"userId\":\"anna\"}").data().path("since").asText()).isEqualTo(since);
    assertThat(view.entries()).hasSize(1);

    String until = Instant.now().plus(Duration.ofHours(1)).toString();
    Answer shorter = ban("{\"userId\":\"anna\",\"until\":\"" + until + "\"}");
    assertThat(shorter.data().path("since").asText()).isEqualTo(since);
    assertThat(view.entries()).hasSize(2);
    Answer refused = join("anna");
    assertThat(Instant.parse(refused.body().at("/error/details/until").asText()))
        .isEqualTo(Instant.ofEpochMilli(Instant.parse(until).toEpochMilli()));
  }

  @Test
  void a_ban_that_is_over_bans_nobody_and_is_forgotten() {
    view.call(c -> c.hset(view.keys.viewerBanned(), "anna", "1000|1|x|why"));
    view.call(c -> c.zadd(view.keys.viewerBans(), 1000, "anna"));

    assertThat(join("anna").status()).isEqualTo(200);
    assertThat(view.<Long>call(c -> c.exists(view.keys.viewerBanned(), view.keys.viewerBans())))
        .isZero();
  }

  @Test
  void a_damaged_ban_bans_and_can_be_lifted() {
    view.call(c -> c.hset(view.keys.viewerBanned(), "anna", "damaged"));
    assertThat(join("anna").reason()).isEqualTo("BANNED");
    assertThat(unban("?userId=anna", "").status()).isEqualTo(200);
    assertThat(join("anna").status()).isEqualTo(200);
  }

  @Test
  void a_lifted_ban_is_an_event_and_lifting_it_twice_is_none() {
    String seat = join("anna").data().path("seat").asText();
    ban("{\"userId\":\"anna\"}");
    assertThat(unban("", "{\"userId\":\"anna\"}").data().path("banned").asBoolean(true)).isFalse();
    assertThat(unban("?userId=anna", "").status()).isEqualTo(200);

    assertThat(view.entries())
        .extracting(entry -> entry.get("t"))
        .containsExactly("join", "leave", "ban", "unban");
    // Its own seat serves again; the join comes behind the leave, which is not folded yet.
    assertThat(gateway.postSeat("/api/viewer/rejoin", seat).status()).isEqualTo(200);
    assertThat(view.entries()).last().satisfies(e -> assertThat(e).containsEntry("t", "join"));
  }

  @Test
  void a_seat_that_is_held_for_a_banned_user_is_free_again() {
    view.call(c -> c.hset(view.keys.viewerReserved(), "anna", "99999999999999|nonce|" + MASTER));
    view.call(c -> c.zadd(view.keys.stages(), 1, MASTER));
    ban("{\"userId\":\"anna\"}");

    assertThat(view.taken(MASTER)).isZero();
    assertThat(view.reservedFor()).isEmpty();
  }

  @Test
  void all_participants_of_a_banned_user_are_to_be_disconnected() {
    JsonNode joined = join("anna").data();
    present("anna", "p0", "a0");
    view.call(c -> c.hset(view.keys.viewerReserved(), "anna", "99999999999999|p9|" + MASTER + "x"));
    ban("{\"userId\":\"anna\"}");

    assertThat(view.<List<String>>call(c -> c.zrange(view.keys.disconnectBanned(), 0, -1)))
        .hasSize(3)
        .allMatch(member -> member.endsWith("|anna"))
        .anyMatch(member -> member.startsWith(MASTER + "|p0|"))
        .anyMatch(member -> member.startsWith(MASTER + "x|p9|"))
        .anyMatch(
            member ->
                member.startsWith(MASTER + "|" + joined.path("participantId").asText() + "|"));
  }

  @Test
  void a_kick_ends_the_seat_and_its_user_may_join_anew() {
    String seat = join("anna").data().path("seat").asText();
    Answer kicked = gateway.post("/api/viewer/kick", "{\"userId\":\"anna\",\"reason\":\"x\"}");
    assertThat(kicked.data().path("kicked").asBoolean()).isTrue();
    assertThat(kicked.data().path("stageArn").asText()).isEqualTo(MASTER);
    assertThat(view.entries().get(1)).containsEntry("t", "leave").containsEntry("why", "kick");

    assertThat(next(gateway.postSeat("/api/viewer/heartbeat", seat))).isEqualTo("stop kicked");
    assertThat(next(gateway.postSeat("/api/viewer/rejoin", seat))).isEqualTo("stop kicked");
    assertThat(join("anna").status()).isEqualTo(200);
    assertThat(next(gateway.postSeat("/api/viewer/heartbeat", seat))).isEqualTo("stop kicked");
    assertThat(view.entries()).filteredOn(entry -> "join".equals(entry.get("t"))).hasSize(2);
  }

  @Test
  void a_kick_of_nobody_does_nothing() {
    Answer kicked = gateway.post("/api/viewer/kick", "{\"userId\":\"anna\"}");

    assertThat(kicked.data().path("kicked").asBoolean(true)).isFalse();
    assertThat(view.entries()).isEmpty();
  }

  @Test
  void a_participant_that_was_disconnected_gets_another_token() {
    JsonNode joined = join("anna").data();
    String seat = joined.path("seat").asText();
    view.call(c -> c.del(view.keys.viewerJoining())); // as after its expiry
    view.call(c -> c.zadd(view.keys.disconnected(), 1, joined.path("participantId").asText()));

    assertThat(next(gateway.postSeat("/api/viewer/heartbeat", seat)))
        .isEqualTo("rejoin disconnected");
    JsonNode again = gateway.postSeat("/api/viewer/rejoin", seat).data();
    assertThat(again.path("token").asText()).isNotEmpty();
    assertThat(again.path("participantId")).isNotEqualTo(joined.path("participantId"));
  }

  @Test
  void bans_come_page_by_page_who_comes_free_first_stands_first() {
    List<String> users = List.of("ü|-1", "b2", "c3", "d4", "e5");
    for (String user : users.subList(1, 5)) {
      ban("{\"userId\":\"" + user + "\"}");
    }
    String until = Instant.now().plus(Duration.ofDays(1)).toString();
    ban("{\"userId\":\"ü|-1\",\"until\":\"" + until + "\",\"reason\":\"a|b\"}");
    view.call(c -> c.hset(view.keys.viewerBanned(), "over", "1000|1|x|why"));
    view.call(c -> c.zadd(view.keys.viewerBans(), 1000, "over"));

    List<String> found = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      Answer page = gateway.get("/api/viewer/bans?limit=2" + cursor);
      assertThat(page.data().path("totalBans").asInt()).isEqualTo(5 - pages / 2);
      found.addAll(page.data().path("bans").findValuesAsText("userId"));
      JsonNode next = page.data().path("nextCursor");
      cursor = next.isNull() ? "" : "&cursor=" + next.asText();
      if (++pages == 2) { // the cursor's own is gone, and nobody is missed
        unban("?userId=" + URLEncoder.encode("d4", StandardCharsets.UTF_8), "");
      }
    } while (!cursor.isEmpty());

    assertThat(found).containsExactlyElementsOf(users);
    assertThat(gateway.get("/api/viewer/bans").data().at("/bans/0/reason").asText())
        .isEqualTo("a|b");
    assertRefused(gateway.get("/api/viewer/bans?cursor=x"), 400, "VALIDATION_ERROR");
    assertRefused(gateway.get("/api/viewer/bans?limit=0"), 400, "VALIDATION_ERROR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | ban  | {}                                          | missingFields | userId",
        "POST   | ban  | {'userId':7}                                | invalidFields | userId",
        "POST   | ban  | {'userId':'a','until':'soon'}               | invalidFields | until",
        "POST   | ban  | {'userId':'a','until':'2020-01-01T00:00:00Z'} | invalidFields | until",
        "POST   | ban  | {'userId':'a','until':'+1000000000-12-31T23:59:59Z'} | invalidFields | until",
        "POST   | ban  | {'userId':'a','reason':1}                   | invalidFields | reason",
        "DELETE | ban  | {}                                          | missingFields | userId",
        "DELETE | ban?userId=a%00  | {}                              | invalidFields | userId",
        "DELETE | ban?userId=a  | {'userId':'b'}                     | invalidFields | userId",
        "POST   | kick | {}                                          | missingFields | userId",
      })
  void bad_input_names_its_fields(
      String method, String path, String json, String kind, String field) {
    Answer answer = with(RunningGateway.KEY, method, path, json.replace('\'', '"'));

    assertRefused(answer, 400, "VALIDATION_ERROR");
    assertThat(answer.body().at("/error/details/" + kind + "/0").asText()).isEqualTo(field);
    assertThat(view.entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"POST,ban", "DELETE,ban", "GET,bans", "POST,kick"})
  void every_route_takes_the_scope_moderate(String method, String path) {
    Answer refused = with("read-key", method, path, "");
    assertRefused(refused, 403, "FORBIDDEN");
    assertThat(refused.body().at("/error/details/scope").asText()).isEqualTo("moderate");
    assertRefused(with("no-key", method, path, ""), 401, "UNAUTHORIZED");
  }

  private Answer join(String user) {
    return gateway.post("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }

  private Answer ban(String json) {
    return gateway.post("/api/viewer/ban", json);
  }

  private Answer unban(String query, String json) {
    return with(RunningGateway.KEY, "DELETE", "ban" + query, json);
  }

  private Answer with(String key, String method, String path, String json) {
    return gateway.send(
        gateway
            .request("/api/viewer/" + path)
            .header("X-API-Key", key)
            .header("Content-Type", "application/json")
            .method(
                method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .build());
  }

  private static String next(Answer answer) {
    JsonNode next = answer.data().path("next");
    return (next.path("action").asText() + " " + next.path("reason").asText()).trim();
  }

  private String admission() {
    return view.entries().get(0).getOrDefault("a", "");
  }

  /** As the fold writes it. */
  private void present(String user, String participant, String admission) {
    String value =
        "{\"timestamp\":1795386645155,\"participantId\":\"%s\",\"joinedAt\":1795386645155,\"admission\":\"%s\"}"
            .formatted(participant, admission);
    view.call(c -> c.hset("ivs:prod:viewer:heartbeat:" + MASTER, user, value));
    view.call(c -> c.hset("ivs:prod:viewer:seat", user, MASTER));
  }
}
