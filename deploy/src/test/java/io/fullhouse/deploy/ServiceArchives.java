package io.fullhouse.deploy;

import static org.awaitility.Awaitility.await;

import io.fullhouse.deploy.GatewayClient.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.simulator.BuildLock;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.ClassArchive;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.fullhouse.testing.TiedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Has the classes of the three services archived, so that each of the hundred starts of these tests
 * costs a third less. Once for each build, by whichever test comes first; the others, in other JVMs
 * too, wait for it. Without the jars nothing is made and nothing is missed. Thread-safe.
 */
final class ServiceArchives {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final String MASTER = "Master";
  private static final String KEY = "key";
  private static final List<Path> JARS =
      List.of(jar("api-gateway"), jar("counter-worker"), jar("scaler-worker"));

  private static boolean tried;

  private ServiceArchives() {}

  private static Path jar(String module) {
    return ServiceProcess.HOME.resolve(module).resolve("target").resolve(module + ".jar");
  }

  /** Returns when they are there, if they can be. */
  static synchronized void make() {
    if (tried || !JARS.stream().allMatch(Files::isRegularFile)) {
      return;
    }
    tried = true;
    try (BuildLock unused = BuildLock.take(Path.of("target", "class-archives.lock"))) {
      if (!JARS.stream().allMatch(ClassArchive::isMade)) {
        makeAll();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All of them seat a viewer and end in order: that is when a JVM writes its archive. */
  private static void makeAll() throws IOException, InterruptedException {
    Queue<String> output = new ConcurrentLinkedQueue<>();
    List<TiedProcess> services = new ArrayList<>();
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
        IvsSimulator aws =
            IvsSimulator.start(
                SimulatorOptions.defaults().withoutRateLimits().withStage(MASTER, "master"))) {
      UpPorts ports = new UpPorts(FreePort.find(), FreePort.find(), List.of(0), 0, 0, redis.port());
      StageArn master = new StageArn(aws.stageArn(MASTER));
      Map<String, String> settings =
          Map.of("REDIS_URL", redis.uri(), "JAVA_TOOL_OPTIONS", JavaCommand.OPTIONS);
      ServicePlan plan =
          new ServicePlan(ServiceProcess.HOME, ports, settings, aws.uri().toString(), master);
      List<ServiceSpec> specs =
          List.of(
              plan.gateway("all:" + KEY, "one:a-secret-of-tests", Map.of()),
              plan.counters().get(0),
              plan.scaler());
      for (int i = 0; i < specs.size(); i++) {
        services.add(start(specs.get(i), unfinished(JARS.get(i)), output));
      }
      String gateway = "http://127.0.0.1:" + ports.http();
      GatewayProbe probe = new GatewayProbe(gateway, Optional.of(KEY), master.value());
      await().atMost(BOUND).until(() -> probe.obstacle().isEmpty());
      seatSomebody(new GatewayClient(URI.create(gateway), KEY));
      services.forEach(TiedProcess::terminate);
      for (int i = 0; i < specs.size(); i++) {
        boolean ended = services.get(i).waitForExit(BOUND);
        Path archive = unfinished(JARS.get(i));
        if (ended && Files.exists(archive)) {
          Files.move(archive, ClassArchive.of(JARS.get(i)), StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } finally {
      services.forEach(TiedProcess::close);
    }
  }

  private static Path unfinished(Path jar) {
    return jar.resolveSibling(ClassArchive.of(jar).getFileName() + ".unfinished");
  }

  private static TiedProcess start(ServiceSpec spec, Path archive, Queue<String> output)
      throws IOException {
    Files.deleteIfExists(archive);
    List<String> command = new ArrayList<>(spec.command());
    command.addAll(1, ClassArchive.making(archive));
    return TiedProcess.start(command, spec.environment(), ServiceProcess.HOME, output::add);
  }

  private static void seatSomebody(GatewayClient gateway) throws InterruptedException {
    gateway.post("/api/token/publisher", Map.of("userId", "anna"));
    Answer joined = gateway.post("/api/token/viewer", Map.of("userId", "ben"));
    Map<String, String> seat = Map.of("seat", joined.data("seat").asText());
    gateway.post("/api/viewer/heartbeat", seat);
    gateway.get("/api/stats");
    gateway.post("/api/viewer/leave", seat);
  }
}
