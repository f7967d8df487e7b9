package io.fullhouse.deploy;

import io.dropwizard.core.Application;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.fullhouse.gateway.GatewayApplication;
import io.fullhouse.gateway.GatewayConfiguration;
import io.fullhouse.simulator.IvsSimulator;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** A gateway in this JVM, with the settings that a test of several parts needs. */
final class JvmGateway implements AutoCloseable {
  /** Read by the AWS SDK. */
  static final String IVS_ENDPOINT = "aws.endpointUrlIvsRealTime";

  private final DropwizardTestSupport<GatewayConfiguration> gateway;

  private JvmGateway(DropwizardTestSupport<GatewayConfiguration> gateway) {
    this.gateway = gateway;
  }

  /**
   * Returns when it listens.
   *
   * @param settings by their paths in {@code gateway.yml}
   */
  static JvmGateway start(
      String redis,
      IvsSimulator ivs,
      String master,
      InstantSource time,
      Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>();
    all.put("mode", "development");
    all.put("redis.url", redis);
    all.put("apiKeys", "house:" + GatewayHouse.KEY);
    all.put("seatSecrets", GatewayHouse.SEAT_SECRETS);
    all.put("rateLimits", "off"); // a test is in more of a hurry than a viewer
    all.put("ivs.masterStageArn", master);
    all.put("joinBeforeLive", "true");
    all.put("account.tokensPerSecond", "10000"); // the simulator's own limit is off, too
    all.put("server.applicationConnectors[0].port", "0");
    all.put("server.adminConnectors[0].port", "0");
    all.putAll(settings);
    JvmGateway started = new JvmGateway(support(all, time));
    System.setProperty(IVS_ENDPOINT, ivs.uri().toString());
    try {
      started.gateway.before();
    } catch (Exception e) {
      throw new IllegalStateException("the gateway does not start", e);
    } finally {
      System.clearProperty(IVS_ENDPOINT);
    }
    return started;
  }

  private static DropwizardTestSupport<GatewayConfiguration> support(
      Map<String, String> settings, InstantSource time) {
    return new DropwizardTestSupport<>(
        GatewayApplication.class,
        "config/gateway.yml",
        settings.entrySet().stream()
            .map(setting -> ConfigOverride.config(setting.getKey(), setting.getValue()))
            .toArray(ConfigOverride[]::new)) {
      @Override
      public Application<GatewayConfiguration> newApplication() {
        return new GatewayApplication(time);
      }
    };
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + gateway.getLocalPort());
  }

  /** As when it is told to stop. */
  @Override
  public void close() {
    gateway.after();
  }
}
