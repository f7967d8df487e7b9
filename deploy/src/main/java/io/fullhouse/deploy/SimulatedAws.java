package io.fullhouse.deploy;

import io.fullhouse.model.StageArn;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The simulator of a run, with the master stage on it.
 *
 * <p>The master's ARN is the same in every run: the simulator forgets everything, and the data that
 * a run leaves in Redis speaks of this stage.
 */
final class SimulatedAws implements AutoCloseable {
  private static final String MASTER_ARN_TAIL = ":123456789012:stage/FullhouseDev";
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
   * @throws UpException when {@code MASTER_STAGE_ARN} is given and is none, or the port is taken
   */
  static SimulatedAws start(int port, Map<String, String> environment) {
    StageArn master = masterArn(environment);
    SimulatorOptions options =
        SimulatorOptions.defaults()
            .withPort(port)
            .withRegion(regionOf(master))
            .withAccountId(part(master, ACCOUNT_PART))
            .withStage(master.id(), "master");
    try {
      return new SimulatedAws(IvsSimulator.start(options), master);
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

  @Override
  public void close() {
    simulator.close();
  }
}
