package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.counter.PresenceStore;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.scaler.ScalerApplication;
import io.fullhouse.scaler.SteppedScaler;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A gateway in this JVM on a real Redis and the simulated IVS. Nothing is folded and no stage is
 * opened but by the test, so every moment in between can be looked at.
 */
final class GatewayHouse implements AutoCloseable {
  static final String KEY = "house-key";
  static final String SEAT_SECRETS = "k1:0123456789abcdef";

  /** Seats a stage, for a scaler whose gateway is told the same. */
  static final int CAPACITY = 10;

  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  final MutableTime time = MutableTime.fromNow();
  final String master;
  final String second;
  final RedisProcess server = RedisProcess.start(RedisOptions.defaults());
  final Broadcast broadcast = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  final RedisKeys keys = RedisKeys.of(broadcast);
  final Redis redis = Redis.create(RedisSettings.parse(server.uri(), null, broadcast));

  private final AtomicLong ivsAheadMillis = new AtomicLong();
  private final IvsSimulator ivs =
      IvsSimulator.start(
          SimulatorOptions.defaults()
              .withoutRateLimits()
              .withTime(() -> Instant.now().plusMillis(ivsAheadMillis.get()))
              .withStage("Master1", "main-show")
              .withStage("Second1", "second"));
  private final PresenceStore fold =
      new PresenceStore(redis, keys, Duration.ofSeconds(60), PresenceStore.Scripts.load());
  private final LuaScript stage = LuaScript.load(ScalerApplication.class, "stage.lua");
  private JvmGateway gateway;

  /** An answer of the gateway. */
  record Answer(int status, JsonNode body) {
    JsonNode data() {
      return body.path("data");
    }

    String text(String field) {
      return data().path(field).asText();
    }

    /** What the client is to do, and why. */
    String next() {
      return (data().at("/next/action").asText() + " " + data().at("/next/reason").asText()).trim();
    }

    String code() {
      return body.at("/error/code").asText();
    }

    String reason() {
      return body.at("/error/details/reason").asText();
    }
  }

  GatewayHouse(Map<String, String> settings) {
    this(house -> settings);
  }

  /**
   * @param settings of a gateway for which something is prepared in the simulated IVS
   */
  GatewayHouse(Function<IvsSimulator, Map<String, String>> settings) {
    master = ivs.stageArn("Master1");
    second = ivs.stageArn("Second1");
    gateway = start(settings.apply(ivs));
    open(master);
    await().until(() -> get("/health/ready").status() == 200);
  }

  private JvmGateway start(Map<String, String> settings) {
    return JvmGateway.start(server.uri(), ivs, master, time, settings);
  }

  /** Another gateway of the same house, which the test closes. */
  JvmGateway another(Map<String, String> settings) {
    JvmGateway another = start(settings);
    await().until(() -> isReady(another.uri()));
    return another;
  }

  /** The gateway stops, and is there again with other settings. */
  void restart(Map<String, String> settings) {
    gateway.close();
    gateway = another(settings);
  }

  /**
   * Writes what the scaler does of the master, so that tokens for it can be signed here. Returns
   * when the gateway has read it, and those others.
   */
  void describeMaster(URI... others) {
    JsonNode known = ivs("/GetStage", "{\"arn\":\"" + master + "\"}").body().at("/stage/endpoints");
    Endpoints endpoints =
        new Endpoints(known.path("events").asText(), known.path("whip").asText(), time.instant());
    StageArn arn = new StageArn(master);
    StageMetadata metadata =
        new StageMetadata("main", arn, false, time.instant(), "active", 50, Optional.of(endpoints));
    await(redis.commands().set(keys.stageMetadata(arn), metadata.toJson()));
    Stream.concat(Stream.of(URI.create(address(""))), Stream.of(others))
        .forEach(gateway -> await().until(() -> knowsMaster(gateway)));
  }

  private boolean knowsMaster(URI gateway) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve("/api/stats"))
            .timeout(BOUND)
            .header("X-API-Key", KEY)
            .build();
    return send(request).data().at("/stages/0/stageName").asText().equals("main");
  }

  /** For a scaler in this JVM. */
  SteppedScaler.Site site() {
    return new SteppedScaler.Site(
        redis, broadcast, ivs.uri(), new StageArn(master), CAPACITY, Duration.ofSeconds(30));
  }

  void open(String arn) {
    stage(arn, "open");
  }

  /** What the scaler does with a stage; says in which state it is then. */
  String stage(String arn, String wanted) {
    return stage(arn, wanted, "");
  }

  /** The same, and what is known of the stage: its viewers are to go to another one. */
  String drain(String arn) {
    Instant now = time.instant();
    return stage(
        arn,
        "closing",
        new StageMetadata(
                "n", new StageArn(arn), true, now, StageMetadata.DRAINING, 2, Optional.empty())
            .toJson());
  }

  private String stage(String arn, String wanted, String metadata) {
    String lease = "1|scaler";
    await(redis.commands().set(keys.scalerLease(), lease));
    return await(
        stage.<String>run(
            redis.commands(),
            ScriptOutputType.VALUE,
            keys,
            lease,
            arn,
            wanted,
            metadata,
            "3600",
            "",
            ""));
  }

  /** Ends those who are silent, by the log's clock. */
  void sweep() {
    await(fold.sweep());
  }

  /** Folds everything that is in the log. */
  void fold() {
    while (await(fold.drain()).folded() > 0) {
      // until nothing is left
    }
  }

  /** The numbers as stored, after folding everything. */
  long total() {
    fold();
    String total = await(redis.commands().mget(keys.totalViewers())).get(0).getValueOrElse("0");
    return Long.parseLong(total);
  }

  double taken(String arn) {
    return await(redis.commands().zscore(keys.stages(), arn));
  }

  Answer join(String user) {
    return post("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }

  /** Joins, and says the seat. */
  String seat(String user) {
    return join(user).text("seat");
  }

  Answer beat(String seat) {
    return bySeat("heartbeat", seat, "");
  }

  /** By another gateway of the same house. */
  Answer beat(URI gateway, String seat) {
    return bySeat(gateway, "heartbeat", seat, "");
  }

  /** The same. */
  Answer rejoin(URI gateway, String seat, String reason) {
    return bySeat(gateway, "rejoin", seat, ",\"reason\":\"" + reason + "\"");
  }

  /** The same. */
  Answer join(URI gateway, String user) {
    return send(
        HttpRequest.newBuilder(gateway.resolve("/api/token/viewer"))
            .timeout(BOUND)
            .header("X-API-Key", KEY)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"userId\":\"" + user + "\"}"))
            .build());
  }

  Answer leave(String seat) {
    return bySeat("leave", seat, "");
  }

  Answer rejoin(String seat, String reason) {
    return bySeat("rejoin", seat, ",\"reason\":\"" + reason + "\"");
  }

  /** As a browser does it: plain text, the seat in it, no header. */
  private Answer bySeat(String act, String seat, String more) {
    return bySeat(URI.create(address("")), act, seat, more);
  }

  private Answer bySeat(URI gateway, String act, String seat, String more) {
    return send(
        HttpRequest.newBuilder(gateway.resolve("/api/viewer/" + act))
            .timeout(BOUND)
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{\"seat\":\"" + seat + "\"" + more + "}"))
            .build());
  }

  Answer byKey(String act, String user, String arn, String participant) {
    String more = participant.isEmpty() ? "" : ",\"participantId\":\"" + participant + "\"";
    return post(
        "/api/viewer/" + act,
        "{\"userId\":\"%s\",\"stageArn\":\"%s\"%s}".formatted(user, arn, more));
  }

  Answer post(String path, String json) {
    return send(
        request(path)
            .header("X-API-Key", KEY)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  /** Anything else, as JSON. */
  Answer send(String method, String path, String json) {
    return send(
        request(path)
            .header("X-API-Key", KEY)
            .header("Content-Type", "application/json")
            .method(
                method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .build());
  }

  Answer get(String path) {
    return send(request(path).header("X-API-Key", KEY).GET().build());
  }

  /** Whether another gateway would seat a viewer. */
  boolean isReady(URI gateway) {
    return send(HttpRequest.newBuilder(gateway.resolve("/health/ready")).timeout(BOUND).build())
            .status()
        == 200;
  }

  /** Where the simulated IVS answers. */
  URI ivsUri() {
    return ivs.uri();
  }

  /** Steers the simulator. */
  void fault(String json) {
    ivs("/_sim/faults", json);
  }

  /** Calls the simulator. */
  Answer ivs(String path, String json) {
    return call(ivs.uri().resolve(path), json);
  }

  /** What the simulator says of itself. */
  JsonNode simulated(String path) {
    return send(HttpRequest.newBuilder(ivs.uri().resolve(path)).build()).body();
  }

  /** Every stage that the simulated IVS has. */
  JsonNode stages() {
    return simulated("/_sim/stages").path("stages");
  }

  /** Participants of other stages who can be seen on this one. */
  List<String> shownOn(String stage) {
    List<String> shown = new ArrayList<>();
    for (JsonNode source : stages()) {
      for (JsonNode replica : source.path("replicas")) {
        if (replica.path("replicationState").asText().equals("ACTIVE")
            && replica.path("destinationStageArn").asText().equals(stage)) {
          shown.add(replica.path("participantId").asText());
        }
      }
    }
    return shown;
  }

  /** The clock of the simulated IVS jumps ahead, and runs on from there. */
  void ivsTimePasses(Duration time) {
    var unused = ivsAheadMillis.addAndGet(time.toMillis());
  }

  /** Calls whatever is there. */
  static Answer call(URI address, String json) {
    return send(HttpRequest.newBuilder(address).POST(BodyPublishers.ofString(json)).build());
  }

  void clearFaults() {
    send(HttpRequest.newBuilder(ivs.uri().resolve("/_sim/faults")).DELETE().build());
  }

  String address(String path) {
    return gateway.uri() + path;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address(path))).timeout(BOUND);
  }

  private static Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    gateway.close();
    redis.close();
    server.close();
    ivs.close();
  }
}
