package io.fullhouse.simulator;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a simulator starts.
 *
 * @param port 0 for any free one
 * @param region in every ARN
 * @param accountId in every ARN, twelve digits
 * @param rateLimits whether AWS's call rates apply from the start; steering can change them
 * @param messageInErrors whether errors also carry {@code message}; the real IVS sends only {@code
 *     exceptionMessage}, which the SDKs' {@code getMessage()} does not show
 * @param faultSeed of the dice behind faults with a probability
 * @param time for rate limits, expiry and the log
 * @param stages names of stages that are there from the start, by id
 * @param accountFile where the account outlasts the process; see {@link #withAccountFile}
 */
public record SimulatorOptions(
    int port,
    String region,
    String accountId,
    boolean rateLimits,
    boolean messageInErrors,
    long faultSeed,
    InstantSource time,
    Map<String, String> stages,
    Optional<Path> accountFile) {
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern STAGE_ID = Pattern.compile("[a-zA-Z0-9-]{1,40}");

  /**
   * @throws IllegalArgumentException when no valid ARN could be made of it
   */
  public SimulatorOptions {
    stages = Map.copyOf(stages);
    check(port >= 0 && port <= 65_535, "port " + port);
    check(REGION.matcher(region).matches(), "region " + region);
    check(ACCOUNT.matcher(accountId).matches(), "account " + accountId);
    stages.keySet().forEach(id -> check(STAGE_ID.matcher(id).matches(), "stage id " + id));
  }

  private static void check(boolean valid, String what) {
    if (!valid) {
      throw new IllegalArgumentException("not usable for a simulator: " + what);
    }
  }

  /** A free port, AWS's limits, the system's clock. */
  public static SimulatorOptions defaults() {
    return new SimulatorOptions(
        0,
        "us-east-1",
        "123456789012",
        true,
        false,
        0,
        InstantSource.system(),
        Map.of(),
        Optional.empty());
  }

  public SimulatorOptions withPort(int newPort) {
    return new SimulatorOptions(
        newPort,
        region,
        accountId,
        rateLimits,
        messageInErrors,
        faultSeed,
        time,
        stages,
        accountFile);
  }

  public SimulatorOptions withRegion(String newRegion) {
    return new SimulatorOptions(
        port,
        newRegion,
        accountId,
        rateLimits,
        messageInErrors,
        faultSeed,
        time,
        stages,
        accountFile);
  }

  public SimulatorOptions withAccountId(String newAccountId) {
    return new SimulatorOptions(
        port,
        region,
        newAccountId,
        rateLimits,
        messageInErrors,
        faultSeed,
        time,
        stages,
        accountFile);
  }

  /** For everything that is not about AWS's call rates. */
  public SimulatorOptions withoutRateLimits() {
    return new SimulatorOptions(
        port, region, accountId, false, messageInErrors, faultSeed, time, stages, accountFile);
  }

  public SimulatorOptions withMessageInErrors() {
    return new SimulatorOptions(
        port, region, accountId, rateLimits, true, faultSeed, time, stages, accountFile);
  }

  public SimulatorOptions withFaultSeed(long newFaultSeed) {
    return new SimulatorOptions(
        port,
        region,
        accountId,
        rateLimits,
        messageInErrors,
        newFaultSeed,
        time,
        stages,
        accountFile);
  }

  public SimulatorOptions withTime(InstantSource newTime) {
    return new SimulatorOptions(
        port,
        region,
        accountId,
        rateLimits,
        messageInErrors,
        faultSeed,
        newTime,
        stages,
        accountFile);
  }

  /** Adds a stage whose ARN is known before the start: {@link IvsSimulator#stageArn}. */
  public SimulatorOptions withStage(String id, String name) {
    Map<String, String> more = new LinkedHashMap<>(stages);
    more.put(id, name);
    return new SimulatorOptions(
        port, region, accountId, rateLimits, messageInErrors, faultSeed, time, more, accountFile);
  }

  /**
   * Keeps stages, tags, public keys, limits and the secret that signs tokens in this file, made
   * when missing: a simulator that starts with it has what the last one had, even if that one was
   * killed, and takes its tokens. Nobody is connected then. One simulator at a time.
   */
  public SimulatorOptions withAccountFile(Path file) {
    return new SimulatorOptions(
        port,
        region,
        accountId,
        rateLimits,
        messageInErrors,
        faultSeed,
        time,
        stages,
        Optional.of(file));
  }
}
