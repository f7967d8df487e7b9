package io.fullhouse.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A running simulator of Amazon IVS Real-Time and EventBridge on 127.0.0.1.
 *
 * <p>It answers stages, their sessions and participants, replication, participant tokens, public
 * keys, tags and PutEvents as AWS does, and is steered under {@code /_sim}. What it holds is
 * bounded and gone when it is closed, but for {@link SimulatorOptions#withAccountFile}.
 * Thread-safe.
 */
public final class IvsSimulator implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  /** A hung call must outlast every client's patience. */
  private static final long IDLE_MILLIS = 3_600_000;

  private static final int MAX_THREADS = 64;

  private final Server server;
  private final ServerConnector connector;
  private final Clockwork clockwork;
  private final String arnPrefix;

  private IvsSimulator(
      Server server, ServerConnector connector, Clockwork clockwork, String arnPrefix) {
    this.server = server;
    this.connector = connector;
    this.clockwork = clockwork;
    this.arnPrefix = arnPrefix;
  }

  /**
   * Starts one; it answers when this returns.
   *
   * @throws UncheckedIOException when the port is taken, or the account file cannot be used, which
   *     then stays as it is
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
    Services services = Services.of(options, arnPrefix);
    server.setHandler(services.handler());
    IvsSimulator simulator =
        new IvsSimulator(server, connector, Clockwork.start(services.due()), arnPrefix);
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
    clockwork.close();
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
