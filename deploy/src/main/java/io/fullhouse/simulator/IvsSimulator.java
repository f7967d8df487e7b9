package io.fullhouse.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A running simulator of Amazon IVS Real-Time and EventBridge on 127.0.0.1.
 *
 * <p>It answers stages, participant tokens, public keys, tags and PutEvents as AWS does, and is
 * steered under {@code /_sim}. What it holds is gone when it is closed. Thread-safe.
 */
public final class IvsSimulator implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  /** A hung call must outlast every client's patience. */
  private static final long IDLE_MILLIS = 3_600_000;

  private static final int MAX_THREADS = 64;

  private final Server server;
  private final ServerConnector connector;
  private final String arnPrefix;

  private IvsSimulator(Server server, ServerConnector connector, String arnPrefix) {
    this.server = server;
    this.connector = connector;
    this.arnPrefix = arnPrefix;
  }

  /**
   * Starts one; it answers when this returns.
   *
   * @throws UncheckedIOException when the port is taken
   */
  public static IvsSimulator start(SimulatorOptions options) {
    String arnPrefix = "arn:aws:ivs:" + options.region() + ":" + options.accountId() + ":";
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("simulator");
    threads.setDaemon(true);
    Server server = new Server(threads);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
    connector.setHost(HOST);
    connector.setPort(options.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.setHandler(handler(options, arnPrefix));
    IvsSimulator simulator = new IvsSimulator(server, connector, arnPrefix);
    simulator.startServer();
    return simulator;
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // The ARN in the path of the tag operations has its slash encoded.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "arn in path", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    return http;
  }

  private static SimulatorHandler handler(SimulatorOptions options, String arnPrefix) {
    InstantSource time = options.time();
    Limits limits = new Limits();
    RateLimits rates = new RateLimits(options.rateLimits(), time);
    Faults faults = new Faults(options.faultSeed());
    CallLog calls = new CallLog();
    Lists lists = new Lists(faults);
    Stages stages = new Stages(arnPrefix, new Tokens(new TokenSeal(), time), limits, lists, time);
    options.stages().forEach(stages::addExisting);
    PublicKeys keys = new PublicKeys(arnPrefix, limits, lists);
    Tags tags = new Tags(List.of(stages.table(), keys.table()));
    EventBus events = new EventBus(faults);
    Map<Operation, Work> works = new EnumMap<>(Operation.class);
    works.putAll(stages.works());
    works.putAll(keys.works());
    works.putAll(tags.works());
    works.putAll(events.works());
    return new SimulatorHandler(
        new CallReader(time),
        new Dispatcher(works, faults, rates, limits, calls, options.messageInErrors()),
        new Steering(stages.table(), calls, faults, new LimitSettings(rates, limits), events));
  }

  /** Where both services answer; give it to an SDK as endpoint. */
  public URI uri() {
    return URI.create("http://" + HOST + ":" + connector.getLocalPort());
  }

  /** The ARN of a stage of this simulator's account and Region, whether it exists or not. */
  public String stageArn(String id) {
    return arnPrefix + "stage/" + id;
  }

  /** Stops at once; calls in flight, hung ones too, lose their connections. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("the simulator did not stop", e);
    }
  }

  private void startServer() {
    try {
      server.start();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(
          "the simulator cannot listen on " + HOST + ":" + connector.getPort(), e);
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the simulator did not start", e);
    }
  }
}
