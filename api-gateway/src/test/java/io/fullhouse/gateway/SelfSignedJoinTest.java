package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.gateway.key.KeyFiles;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that signs tokens itself: no AWS anywhere. Nothing is folded here. */
final class SelfSignedJoinTest {
  private static final String KEY_ARN = "arn:aws:ivs:us-east-1:123456789012:public-key/k-1";
  private static final String SECOND = "arn:aws:ivs:us-east-1:123456789012:stage/second";
  private static final Duration LIFE = Duration.ofHours(12);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;

  private final MutableTime time = MutableTime.fromNow();
  private final ECPublicKey key = KeyFiles.p384(directory.resolve("token-key.pem"));
  private final RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
  private final StubIvs ivs = new StubIvs();
  private final RedisView view = new RedisView(redis.uri());
  private final RunningGateway gateway =
      RunningGateway.start(
          redis.uri(),
          ivs,
          time,
          Map.of(
              "token.mode",
              "self-signed",
              "token.keyArn",
              KEY_ARN,
              "token.privateKeyFile",
              directory.resolve("token-key.pem").toString()));

  @BeforeEach
  void open() {
    view.open(MASTER);
    view.live();
    describe(MASTER, time.instant());
    await().until(() -> gateway.get("/health/ready").status() == 200);
  }

  @AfterEach
  void close() {
    gateway.close();
    assertThat(ivs.calls()).isEmpty();
    ivs.close();
    view.close();
    redis.close();
  }

  private void describe(String stage, Instant fetchedAt) {
    describe(stage, "show", fetchedAt);
  }

  /**
   * What is read is shared for a quarter of a second. A stage without metadata is shown by its id.
   */
  private void awaitStageName(String name) {
    await()
        .until(
            () -> name.equals(gateway.get("/api/stats").data().at("/stages/0/stageName").asText()));
  }

  private void describe(String stage, String name, Instant fetchedAt) {
    StageMetadata metadata =
        new StageMetadata(
            name,
            new StageArn(stage),
            false,
            time.instant(),
            "active",
            50,
            Optional.of(new Endpoints("wss://events.example", "https://whip.example", fetchedAt)));
    view.call(c -> c.set(view.keys.stageMetadata(new StageArn(stage)), metadata.toJson()));
  }

  private static JsonNode part(String token, int index) {
    try {
      return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
    } catch (IOException e) {
      throw new AssertionError(token, e);
    }
  }

  private static JsonNode claims(Answer answer) {
    return part(answer.data().path("token").asText(), 1);
  }

  private Answer join(String user) {
    return gateway.post("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }

  @Test
  void a_join_is_answered_with_a_token_that_the_published_key_verifies() throws Exception {
    Answer answer =
        gateway.post(
            "/api/token/viewer", "{\"userId\":\"alice\",\"attributes\":{\"team\":\"röd\"}}");

    assertThat(answer.status()).isEqualTo(200);
    String token = answer.data().path("token").asText();
    String[] parts = token.split("\\.", -1);
    Signature verifier = Signature.getInstance("SHA384withECDSAinP1363Format");
    verifier.initVerify(key);
    verifier.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
    byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
    assertThat(signature).hasSize(96);
    assertThat(verifier.verify(signature)).isTrue();
    assertThat(part(token, 0).toString())
        .isEqualTo("{\"alg\":\"ES384\",\"typ\":\"JWT\",\"kid\":\"" + KEY_ARN + "\"}");

    JsonNode claims = claims(answer);
    String participant = answer.data().path("participantId").asText();
    long now = time.instant().getEpochSecond();
    assertThat(participant).matches("[A-Za-z0-9]{17}");
    assertThat(claims.path("user_id").asText()).matches("[A-Za-z0-9_-]{22}");
    ((ObjectNode) claims).remove("user_id");
    assertThat(claims)
        .isEqualTo(
            JSON.readTree(
                """
                {"exp":%d,"iat":%d,"jti":"%s","resource":"%s","topic":"AbCdEf123456",
                 "events_url":"wss://events.example","whip_url":"https://whip.example",
                 "capabilities":{"allow_subscribe":true},"attributes":{"team":"röd"},
                 "version":"1.0"}"""
                    .formatted(now + LIFE.toSeconds(), now, participant, MASTER)));
    assertThat(answer.data().path("expiresIn").asLong()).isBetween(43_199L, 43_200L);
  }

  @Test
  void a_join_is_one_call_of_the_seat_script() {
    join("warm-up");

    Answer answer;
    long calls;
    long ticks;
    do { // a tick is an entry, too
      ticks = view.ticks();
      view.forgetCalls();
      answer = join("u1");
      calls = view.calls("xadd");
    } while (view.ticks() != ticks);

    assertThat(calls).isEqualTo(1);
    assertThat(view.reservedFor()).isEmpty();
    assertThat(view.taken(MASTER)).isEqualTo(2);
    assertThat(view.entries())
        .last()
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
        .containsEntry("t", "join")
        .containsEntry("u", "u1")
        .containsEntry("p", answer.data().path("participantId").asText());
  }

  @Test
  void a_publisher_may_publish_and_nothing_else() {
    Answer answer = gateway.post("/api/token/publisher", "{\"userId\":\"host\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(claims(answer).path("capabilities").toString())
        .isEqualTo("{\"allow_publish\":true}");
    assertThat(claims(answer).path("jti").asText())
        .isEqualTo(answer.data().path("participantId").asText());
  }

  @Test
  void a_crowd_is_seated_to_the_last_seat_and_never_beyond() {
    List<CompletableFuture<Answer>> crowd =
        IntStream.range(0, 120)
            .mapToObj(i -> gateway.postLater("/api/token/viewer", "{\"userId\":\"c" + i + "\"}"))
            .toList();

    List<Answer> answers = crowd.stream().map(CompletableFuture::join).toList();

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(50);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .allSatisfy(answer -> assertRefused(answer, 503, "STAGE_FULL"));
    assertThat(view.taken(MASTER)).isEqualTo(50);
  }

  @Test
  void a_stage_whose_addresses_were_never_told_takes_nobody() {
    view.call(c -> c.del(view.keys.stageMetadata(new StageArn(MASTER))));

    awaitStageName("AbCdEf123456"); // nobody joined before, so nothing is remembered
    Answer answer = join("u1");

    assertRefused(answer, 503, "STAGE_FULL");
    assertThat(answer.reason()).isEqualTo("RECOVERING");
    assertThat(view.entries()).isEmpty();
    assertThat(view.taken(MASTER)).isZero();
  }

  @Test
  void addresses_older_than_aws_allows_make_no_token() {
    describe(MASTER, "old", time.instant().minus(Duration.ofDays(14)));
    awaitStageName("old");

    assertThat(join("u1").reason()).isEqualTo("RECOVERING");

    describe(MASTER, time.instant().minus(Duration.ofDays(14)).plusSeconds(30));
    await().until(() -> join("u1").status() == 200);
  }

  @Test
  void metadata_that_goes_away_keeps_nobody_from_joining() {
    assertThat(join("u1").status()).isEqualTo(200);
    view.call(c -> c.del(view.keys.stageMetadata(new StageArn(MASTER))));
    awaitStageName("AbCdEf123456");

    assertThat(join("u2").status()).isEqualTo(200);
  }

  @Test
  void who_was_seated_and_gets_no_token_leaves_again() {
    view.call(c -> c.zadd("ivs:prod:stages", 1, MASTER));
    view.open(SECOND); // the emptiest, and its addresses are not known

    Answer answer = join("u1");

    assertRefused(answer, 503, "STAGE_FULL");
    assertThat(answer.reason()).isEqualTo("RECOVERING");
    List<Map<String, String>> entries = view.entries();
    assertThat(entries).extracting(entry -> entry.get("t")).containsExactly("join", "leave");
    assertThat(entries.get(1))
        .containsEntry("s", SECOND)
        .containsEntry("u", "u1")
        .containsEntry("p", entries.get(0).get("p"))
        .containsEntry("a", entries.get(0).get("a"));
  }

  @Test
  void a_rejoin_with_its_own_token_needs_no_new_one() {
    Answer joined = join("u1");

    Answer answer = gateway.postSeat("/api/viewer/rejoin", joined.data().path("seat").asText());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.data().has("token")).isFalse();
    assertThat(answer.data().path("participantId")).isEqualTo(joined.data().path("participantId"));
  }

  @Test
  void a_rejoin_whose_token_ran_out_is_given_another_of_the_same_admission() {
    Answer joined = join("u1");
    time.advance(LIFE.multipliedBy(4).dividedBy(5));
    describe(MASTER, time.instant());

    Answer answer = gateway.postSeat("/api/viewer/rejoin", joined.data().path("seat").asText());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(claims(answer).path("jti").asText())
        .isEqualTo(answer.data().path("participantId").asText())
        .isNotEqualTo(joined.data().path("participantId").asText());
    List<Map<String, String>> entries = view.entries();
    assertThat(entries.get(1).get("a")).isEqualTo(entries.get(0).get("a"));
    assertThat(view.taken(MASTER)).isEqualTo(1);
  }

  /** As the fold says who is present; nothing folds here. */
  private void present(Answer joined, String user) {
    Map<String, String> entry = view.entries().get(0);
    String value =
        "{\"timestamp\":1,\"participantId\":\"%s\",\"joinedAt\":1,\"admission\":\"%s\"}"
            .formatted(joined.data().path("participantId").asText(), entry.get("a"));
    view.call(c -> c.hset(view.keys.heartbeats(new StageArn(MASTER)), user, value));
    view.call(c -> c.hset(view.keys.viewerSeat(), user, MASTER));
  }

  private Answer beat(String seat) {
    return gateway.postSeat("/api/viewer/heartbeat", seat);
  }

  private static String action(Answer answer) {
    return answer.data().at("/next/action").asText();
  }

  @Test
  void a_token_near_its_end_is_refreshed_in_all_but_its_time() {
    Answer joined =
        gateway.post("/api/token/viewer", "{\"userId\":\"u1\",\"attributes\":{\"team\":\"red\"}}");
    present(joined, "u1");
    String seat = joined.data().path("seat").asText();
    time.advance(LIFE.multipliedBy(3).dividedBy(4).minusSeconds(1)); // its times are whole seconds
    assertThat(action(beat(seat))).isEqualTo("continue");
    time.advance(Duration.ofSeconds(2));

    Answer beat = beat(seat);

    assertThat(action(beat)).isEqualTo("refresh");
    ObjectNode before = (ObjectNode) claims(joined);
    ObjectNode after = (ObjectNode) part(beat.data().at("/next/token").asText(), 1);
    assertThat(after.path("iat").asLong()).isEqualTo(time.instant().getEpochSecond());
    assertThat(after.path("exp").asLong() - after.path("iat").asLong()).isEqualTo(LIFE.toSeconds());
    assertThat(beat.data().at("/next/expiresAt").asText())
        .isEqualTo(
            Instant.ofEpochSecond(after.path("exp").asLong()).toString().replace("Z", ".000Z"));
    List<String> moved = List.of("iat", "exp");
    assertThat(after.remove(moved)).isEqualTo(before.remove(moved));

    assertThat(action(beat(beat.data().path("seat").asText()))).isEqualTo("continue");
  }

  @Test
  void a_client_that_ignores_a_refresh_is_offered_the_same_token_again() {
    Answer joined = join("u1");
    present(joined, "u1");
    String seat = joined.data().path("seat").asText();
    time.advance(LIFE.minusHours(1));

    String first = beat(seat).data().at("/next/token").asText();
    time.advance(Duration.ofSeconds(20));

    assertThat(first).isNotEmpty();
    assertThat(beat(seat).data().at("/next/token").asText()).isEqualTo(first);
  }

  @Test
  void a_refresh_does_not_hide_how_long_a_viewer_has_been_connected() {
    Answer joined = join("u1");
    present(joined, "u1");
    time.advance(Duration.ofHours(11));
    describe(MASTER, time.instant());
    String second = beat(joined.data().path("seat").asText()).data().path("seat").asText();
    time.advance(Duration.ofHours(11));
    String third = beat(second).data().path("seat").asText();
    time.advance(Duration.ofMinutes(90));

    Answer beat = beat(third);

    assertThat(beat.data().at("/next/reason").asText()).isEqualTo("connection-age");
    Answer again = gateway.postSeat("/api/viewer/rejoin", third);
    assertThat(again.data().path("participantId").asText())
        .isNotEmpty()
        .isNotEqualTo(joined.data().path("participantId").asText());
    assertThat(again.data().path("token").asText()).isNotEmpty();
  }
}
