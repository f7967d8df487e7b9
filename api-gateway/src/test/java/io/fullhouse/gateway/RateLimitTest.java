package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Two gateways with limits, behind a proxy that they trust. By the hour, so that nothing is granted
 * anew however busy the machine is.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class RateLimitTest {
  private final RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
  private final RedisView view = new RedisView(redis.uri());
  private final StubIvs ivs = new StubIvs();
  private final RunningGateway one = start();
  private final RunningGateway two = start();

  private RunningGateway start() {
    return RunningGateway.start(
        redis.uri(),
        ivs,
        Map.of(
            "rateLimits", "join=10/h,beat=12/h,leave=10/h,read=20/h,bad=60/h",
            "heartbeat.interval", "600s",
            "heartbeat.timeout", "1200s",
            "trustedProxies", "127.0.0.0/8"));
  }

  @BeforeEach
  void empty() {
    view.empty();
    view.open(RunningGateway.MASTER);
    view.live();
    ivs.givesTokens();
    ivs.calls().clear();
  }

  @AfterAll
  void end() {
    two.close(); // the last first: each puts back the settings that it found
    one.close();
    ivs.close();
    view.close();
    redis.close();
  }

  private Answer join(RunningGateway gateway, String user) {
    return gateway.post("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }

  private static void assertTooMany(Answer answer, String limit) {
    assertRefused(answer, 429, "TOO_MANY_REQUESTS");
    assertThat(answer.body().at("/error/details/limit").asText()).isEqualTo(limit);
    assertThat(answer.header("ratelimit-remaining")).isEqualTo("0");
    assertThat(Integer.parseInt(answer.header("retry-after")))
        .isGreaterThanOrEqualTo(Math.max(1, Integer.parseInt(answer.header("ratelimit-reset"))));
  }

  @Test
  void joins_of_a_user_are_limited_at_all_gateways_together_and_ivs_is_not_asked_for_more() {
    List<CompletableFuture<Answer>> asked =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    (i % 2 == 0 ? one : two)
                        .postLater("/api/token/viewer", "{\"userId\":\"greedy\"}"))
            .toList();
    List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();

    assertThat(answers).extracting(Answer::status).isSubsetOf(200, 429, 503); // busy: 503
    answers.stream()
        .filter(answer -> answer.status() == 429)
        .forEach(answer -> assertTooMany(answer, "join"));
    Answer last = join(one, "greedy");
    for (int i = 0; i < 10 && last.status() != 429; i++) {
      last = join(two, "greedy");
    }
    assertTooMany(last, "join");
    assertThat(answers.stream().filter(answer -> answer.status() == 200))
        .hasSizeBetween(1, 10)
        .allSatisfy(answer -> assertThat(answer.header("ratelimit-limit")).isEqualTo("10"));
    assertThat(ivs.calls()).hasSizeLessThanOrEqualTo(10);
    assertThat(view.entries()).hasSizeLessThanOrEqualTo(10);
    assertThat(join(one, "modest").status()).isEqualTo(200);
  }

  @Test
  void a_rejoin_counts_as_a_join_of_its_user() {
    String seat = join(one, "u").data().path("seat").asText();
    for (int i = 1; i < 10; i++) {
      assertThat(two.postSeat("/api/viewer/rejoin", seat).status()).isEqualTo(200);
    }
    assertTooMany(one.postSeat("/api/viewer/rejoin", seat), "join");
    assertTooMany(join(two, "u"), "join");
  }

  @Test
  void heartbeats_of_a_seat_are_limited_and_no_other_seat_notices() {
    String hasty = join(one, "hasty").data().path("seat").asText();
    String calm = join(one, "calm").data().path("seat").asText();
    for (int left = 11; left >= 0; left--) {
      Answer answer = one.postSeat("/api/viewer/heartbeat", hasty);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("ratelimit-remaining")).isEqualTo(Integer.toString(left));
    }
    int before = view.entries().size();
    assertTooMany(one.postSeat("/api/viewer/heartbeat", hasty), "beat");
    assertThat(view.entries()).hasSize(before);
    assertThat(one.postSeat("/api/viewer/heartbeat", calm).status()).isEqualTo(200);
    assertThat(one.postSeat("/api/viewer/leave", hasty).status()).isEqualTo(200);
  }

  @Test
  void leaves_of_a_seat_are_limited() {
    String seat = join(one, "u").data().path("seat").asText();
    for (int i = 0; i < 10; i++) {
      assertThat(one.postSeat("/api/viewer/leave", seat).status()).isEqualTo(200);
    }
    assertTooMany(one.postSeat("/api/viewer/leave", seat), "leave");
  }

  @Test
  void a_backend_speaks_for_any_number_of_users() {
    String body = "{\"userId\":\"u\",\"stageArn\":\"" + RunningGateway.MASTER + "\"}";
    join(one, "u");
    for (int i = 0; i < 30; i++) {
      assertThat(one.post("/api/viewer/heartbeat", body).status()).isEqualTo(200);
    }
  }

  @Test
  void reads_are_limited_by_key() {
    List<Answer> answers =
        IntStream.range(0, 60).mapToObj(i -> one.getLater("/api/stats")).toList().stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(answers.stream().filter(answer -> answer.status() == 200))
        .hasSizeLessThanOrEqualTo(20);
    assertThat(answers.stream().filter(answer -> answer.status() == 429))
        .hasSize(40)
        .allSatisfy(answer -> assertTooMany(answer, "read"));
    HttpRequest other = one.request("/api/stats").header("X-API-Key", "read-key").GET().build();
    assertThat(one.send(other).status()).isEqualTo(200);

    HttpRequest chinese =
        one.request("/api/stats")
            .header("X-API-Key", RunningGateway.KEY)
            .header("Accept-Language", "zh-TW")
            .GET()
            .build();
    LanguagesTest.assertOnlyTheMessageDiffers(one.get("/api/stats"), one.send(chinese));
  }

  @Test
  void a_thousand_clients_behind_one_proxy_never_pay_for_each_other() {
    String seat = join(one, "u").data().path("seat").asText();
    for (int i = 0; i < 300; i++) {
      String client = "203.0." + i / 250 + "." + (1 + i % 250);
      assertRefused(showing("nonsense", client), 401, "UNAUTHORIZED");
    }
    for (int i = 0; i < 60; i++) {
      showing("nonsense", "198.51.100.1");
    }
    assertTooMany(showing("nonsense", "198.51.100.1"), "bad");
    assertTooMany(showing("nonsense", "203.0.113.9, 198.51.100.1"), "bad");
    assertRefused(showing("nonsense", "198.51.100.1, 203.0.113.9"), 401, "UNAUTHORIZED");
    assertThat(showing(seat, "198.51.100.1").status()).isEqualTo(200); // a good seat, same address
  }

  private Answer showing(String seat, String client) {
    return one.send(
        one.request("/api/viewer/heartbeat")
            .header("Authorization", "Bearer " + seat)
            .header("X-Forwarded-For", client)
            .POST(BodyPublishers.noBody())
            .build());
  }

  @Test
  void a_trusted_proxy_says_whether_there_is_tls() {
    for (String said : List.of("https", "http")) {
      HttpRequest request = one.request("/").header("X-Forwarded-Proto", said).GET().build();
      assertThat(one.send(request).header("strict-transport-security"))
          .isEqualTo(said.equals("https") ? "max-age=31536000" : "");
    }
  }

  @Test
  void the_keys_of_limits_name_no_user_and_go_by_themselves() {
    join(one, "somebody@example.org");
    join(one, "ivs:prod:total_viewers");
    for (int i = 0; i < 4; i++) {
      one.send(one.request("/api/stats").header("X-API-Key", "read-key").GET().build());
    }

    assertThat(view.everyKey().stream().filter(key -> key.startsWith("ivs:prod:limit:")))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            key -> {
              assertThat(key)
                  .matches("ivs:prod:limit:(join:10/PT1H:[0-9a-f]{32}|read:20/PT1H:reader)");
              assertThat(view.<Long>call(c -> c.pttl(key))).isBetween(1L, 3_601_000L);
            });
    assertThat(view.everyKey().toString()).doesNotContain("somebody");
  }
}
