package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.scaler.ScalerApplication;
import io.fullhouse.scaler.SteppedScaler;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.fullhouse.testing.TiedProcess;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Scalers as processes, on the simulated IVS and a Redis of their own, with an audience that the
 * real scripts seat and count.
 */
final class FleetHouse implements AutoCloseable {
  static final int CAPACITY = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private final IvsSimulator ivs =
      IvsSimulator.start(
          SimulatorOptions.defaults()
              .withoutRateLimits()
              .withStage("Master1", "main-show")
              .withStage("Foreign", "somebody-elses"));
  private final RedisProcess redisServer = RedisProcess.start(RedisOptions.defaults());
  private final Broadcast broadcast = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  private final RedisKeys keys = RedisKeys.of(broadcast);
  private final Redis redis = Redis.create(RedisSettings.parse(redisServer.uri(), null, broadcast));
  private final SeatScripts scripts = SeatScripts.load();
  private final Map<String, String> seated = new HashMap<>();
  private final Queue<String> output = new ConcurrentLinkedQueue<>();
  private final List<TiedProcess> scalers = new ArrayList<>();

  StageArn master() {
    return new StageArn(ivs.stageArn("Master1"));
  }

  TiedProcess startScaler(Map<String, String> settings) {
    ServiceArchives.make();
    Map<String, String> environment = new HashMap<>();
    environment.put("FULLHOUSE_MODE", "development");
    environment.put("REDIS_URL", redisServer.uri());
    environment.put("MASTER_STAGE_ARN", master().value());
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ENDPOINT_URL_IVS_REALTIME", ivs.uri().toString());
    environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", ivs.uri().toString());
    environment.put("EVENT_BUS_NAME", "default");
    environment.put("ADMIN_PORT", Integer.toString(FreePort.find()));
    environment.put("SCALER_INTERVAL", "2s");
    environment.put("STAGE_WARMUP", "0s");
    environment.put("SCALE_COOL_DOWN", "0s");
    environment.put("JOIN_RATE_WINDOW", "10m"); // these tests are about the fleet, not foresight
    environment.put("STAGE_OPEN_TIME", "1s");
    environment.put("IVS_CALLS_PER_SECOND", "100");
    environment.putAll(settings);
    TiedProcess scaler =
        TiedProcess.start(
            JavaCommand.of(ScalerApplication.class, "server", "config/scaler.yml"),
            environment,
            Path.of("."),
            output::add);
    scalers.add(scaler);
    return scaler;
  }

  /** Seats the user if there is a seat; where, or empty. */
  Optional<StageArn> join(String user) {
    return isTaken(user, await(seat("join", user, "")))
        ? Optional.of(new StageArn(seated.getOrDefault(user, "")))
        : Optional.empty();
  }

  /** The same for all of them, in this order and in one trip; each has to get a seat. */
  void joinAll(List<String> users) {
    List<CompletionStage<List<Object>>> answers =
        users.stream().map(user -> seat("join", user, "")).toList();
    for (int i = 0; i < users.size(); i++) {
      List<Object> answer = await(answers.get(i));
      assertThat(isTaken(users.get(i), answer)).as("%s: %s", users.get(i), answer).isTrue();
    }
  }

  /** As a viewer does who is offered a move: takes a seat elsewhere. */
  boolean moveAway(String user) {
    return isTaken(user, await(seat("rejoin", user, seated.getOrDefault(user, ""))));
  }

  private boolean isTaken(String user, List<Object> answer) {
    boolean taken = answer.get(0).equals("TAKEN");
    if (taken) {
      seated.put(user, (String) answer.get(1));
    }
    return taken;
  }

  boolean isSeated(String user) {
    return seated.containsKey(user);
  }

  boolean isOn(String user, StageArn stage) {
    return stage.value().equals(seated.get(user));
  }

  private CompletionStage<List<Object>> seat(String why, String user, String avoid) {
    return scripts
        .seat()
        .run(
            redis.commands(),
            ScriptOutputType.MULTI,
            keys,
            "",
            why,
            user,
            "p" + user,
            "a" + user,
            "",
            "",
            avoid,
            "",
            "n" + user,
            "" + CAPACITY,
            "10000",
            "0",
            why.equals("join") ? "0" : "1",
            "r");
  }

  void leave(String user) {
    leaveAll(List.of(user));
  }

  /** In this order and in one trip. */
  void leaveAll(List<String> users) {
    users.stream()
        .map(
            user -> {
              String stage = String.valueOf(seated.remove(user));
              return append("leave", stage, user, "p" + user, "a", "a" + user);
            })
        .toList()
        .forEach(RedisAnswer::await);
  }

  /** Somebody has a token to publish, or IVS said that it publishes. */
  void publisherIsLive(String participant, String evidence) {
    publisherIsLive(master(), participant, evidence);
  }

  void publisherIsLive(StageArn stage, String participant, String evidence) {
    await(
        append(
            "publisher",
            stage.value(),
            "anna",
            participant,
            "state",
            "live",
            "evidence",
            evidence));
  }

  /** IVS said that it publishes no more. */
  void publisherIsGone(StageArn stage, String participant) {
    await(
        append("publisher", stage.value(), "", participant, "state", "offline", "evidence", "ivs"));
  }

  private CompletionStage<String> append(
      String type, String stage, String user, String participant, String... more) {
    List<Object> fields = new ArrayList<>();
    fields.addAll(List.of("t", type, "s", stage, "u", user, "p", participant, "v", "1"));
    fields.addAll(List.of(more));
    return redis.commands().xadd(keys.events(), fields.toArray());
  }

  /** A gateway ticks and a counter folds. */
  void count() {
    CompletionStage<String> tick = append("tick", "", "gw-1", "");
    await(
        scripts
            .drain()
            .run(
                redis.commands(),
                ScriptOutputType.MULTI,
                keys,
                "200",
                "60000",
                "6000",
                "120000",
                "100",
                "604800"));
    await(tick);
  }

  /** Stages that take newcomers, by seats taken. */
  Map<StageArn, Long> open() {
    count();
    Map<StageArn, Long> open = new HashMap<>();
    await(redis.commands().zrangeWithScores(keys.stages(), 0, -1))
        .forEach(entry -> open.put(new StageArn(entry.getValue()), Math.round(entry.getScore())));
    return open;
  }

  /**
   * What IVS has at one instant.
   *
   * @param tagged ours, without the master
   * @param foreignIsThere whether the foreign stage is as it was
   */
  record Stages(Set<StageArn> tagged, boolean foreignIsThere) {}

  Stages stages() {
    Set<StageArn> tagged = new HashSet<>();
    boolean foreignIsThere = false;
    for (JsonNode stage : listed()) {
      String arn = stage.path("arn").asText();
      foreignIsThere |= arn.equals(ivs.stageArn("Foreign"));
      if (stage.path("tags").has("fullhouse:master")) {
        tagged.add(new StageArn(arn));
      }
    }
    return new Stages(tagged, foreignIsThere);
  }

  /** What has ended is left out: it grows with every story that is told in one house. */
  private JsonNode listed() {
    return simulator("GET", "/_sim/stages?participants=none&past=none", "").path("stages");
  }

  Set<StageArn> tagged() {
    return stages().tagged();
  }

  boolean foreignStageIsThere() {
    return stages().foreignIsThere();
  }

  Optional<StageMetadata> metadata(StageArn stage) {
    return Optional.ofNullable(awaitNullable(redis.commands().get(keys.stageMetadata(stage))))
        .flatMap(StageMetadata::fromJson);
  }

  /** For a scaler in this JVM. */
  SteppedScaler.Site site(Duration interval) {
    return new SteppedScaler.Site(redis, broadcast, ivs.uri(), master(), CAPACITY, interval);
  }

  /** Everything is gone but the stages that nobody made here. */
  void startAfresh() {
    await(redis.commands().flushall());
    seated.clear();
    for (StageArn stage : tagged()) {
      simulator("POST", "/DeleteStage", "{\"arn\":\"%s\"}".formatted(stage));
    }
  }

  /** All that scalers write. */
  String written() {
    var commands = redis.commands();
    return List.of(
            new TreeMap<>(await(commands.hgetall(keys.scalerFleet()))),
            new TreeMap<>(await(commands.hgetall(keys.scalerIntents()))),
            await(commands.zrangeWithScores(keys.stages(), 0, -1)),
            await(commands.zrangeWithScores(keys.stagesClosing(), 0, -1)))
        .toString();
  }

  /** Where everybody is who has a seat. */
  Set<StageArn> stagesOfAudience() {
    return seated.values().stream().map(StageArn::new).collect(Collectors.toSet());
  }

  /** Somebody joins the master and publishes. */
  JsonNode publish() {
    return publish(master());
  }

  JsonNode publish(StageArn stage) {
    JsonNode joined =
        simulator("POST", "/_sim/connect", "{\"token\":\"" + token(stage, "PUBLISH") + "\"}");
    steer("publish", stage, joined);
    return joined;
  }

  /** What a participant on the master does. */
  void steer(String what, JsonNode participant) {
    steer(what, master(), participant);
  }

  void steer(String what, StageArn stage, JsonNode participant) {
    simulator(
        "POST",
        "/_sim/" + what,
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}"
            .formatted(stage, participant.path("participantId").asText()));
  }

  /** Where the publisher can be seen beside the master. */
  List<StageArn> replicasOf(JsonNode publisher) {
    String participant = publisher.path("participantId").asText();
    List<StageArn> active = new ArrayList<>();
    for (JsonNode stage : listed()) {
      for (JsonNode replica : stage.path("replicas")) {
        if (replica.path("replicationState").asText().equals("ACTIVE")
            && replica.path("participantId").asText().equals(participant)) {
          active.add(new StageArn(replica.path("destinationStageArn").asText()));
        }
      }
    }
    return active;
  }

  Redis redis() {
    return redis;
  }

  RedisKeys keys() {
    return keys;
  }

  /** What the scalers wrote. */
  Queue<String> output() {
    return output;
  }

  JsonNode simulator(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ivs.uri() + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A token of IVS for the stage. */
  String token(StageArn stage, String capability) {
    return simulator(
            "POST",
            "/CreateParticipantToken",
            "{\"stageArn\":\"%s\",\"capabilities\":[\"%s\"]}".formatted(stage, capability))
        .path("participantToken")
        .path("token")
        .asText();
  }

  @Override
  public void close() {
    scalers.forEach(TiedProcess::close);
    redis.close();
    redisServer.close();
    ivs.close();
  }
}
