package io.fullhouse.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.StageArn;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The simulator of a run, with the master stage on it.
 *
 * <p>The master's ARN is the same in every run, also where no account is kept: the data that a run
 * leaves in Redis speaks of this stage.
 */
final class SimulatedAws implements AutoCloseable {
  private static final String MASTER_ARN_TAIL = ":123456789012:stage/FullhouseDev";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REGION_PART = 3;
  private static final int ACCOUNT_PART = 4;

  private final IvsSimulator simulator;
  private final StageArn master;

  private SimulatedAws(IvsSimulator simulator, StageArn master) {
    this.simulator = simulator;
    this.master = master;
  }

  /**
   * Starts it in the Region and account of the master stage.
   *
   * @param accountFile what an earlier run left there is there again; empty to keep nothing
   * @throws UpException when {@code MASTER_STAGE_ARN} is given and is none, the port is taken, or
   *     the file cannot be used
   */
  static SimulatedAws start(int port, Map<String, String> environment, Optional<Path> accountFile) {
    StageArn master = masterArn(environment);
    SimulatorOptions options =
        SimulatorOptions.defaults()
            .withPort(port)
            .withRegion(regionOf(master))
            .withAccountId(part(master, ACCOUNT_PART))
            .withStage(master.id(), "master");
    try {
      return new SimulatedAws(
          IvsSimulator.start(accountFile.map(options::withAccountFile).orElse(options)), master);
    } catch (UncheckedIOException e) {
      throw UpException.failed(String.valueOf(e.getMessage()));
    }
  }

  private static StageArn masterArn(Map<String, String> environment) {
    String region = environment.getOrDefault("AWS_REGION", "us-east-1");
    String arn =
        environment.getOrDefault("MASTER_STAGE_ARN", "arn:aws:ivs:" + region + MASTER_ARN_TAIL);
    if (!StageArn.isValid(arn)) {
      throw UpException.usage(
          "the master stage has no valid ARN, look at MASTER_STAGE_ARN and AWS_REGION: " + arn);
    }
    return new StageArn(arn);
  }

  static String regionOf(StageArn stage) {
    return part(stage, REGION_PART);
  }

  private static String part(StageArn stage, int index) {
    return stage.value().split(":", -1)[index];
  }

  String url() {
    return simulator.uri().toString();
  }

  StageArn master() {
    return master;
  }

  /**
   * Sends IVS's own events there, as an API destination of EventBridge would.
   *
   * @throws UpException when the simulator refuses
   */
  void deliverTo(String address, String apiKey) {
    String body = JSON.createObjectNode().put("url", address).put("apiKey", apiKey).toString();
    HttpRequest request =
        HttpRequest.newBuilder(simulator.uri().resolve("/_sim/deliver"))
            .timeout(TIMEOUT)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
        throw UpException.failed("the simulator delivers no events: " + answer.body());
      }
    } catch (IOException e) {
      throw UpException.failed("the simulator delivers no events: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UpException.failed("stopped while starting");
    }
  }

  @Override
  public void close() {
    simulator.close();
  }
}
