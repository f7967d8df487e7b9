package io.fullhouse.gateway;

import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.DataSize;
import io.fullhouse.gateway.auth.KeyGuard;
import io.fullhouse.gateway.http.BodyDrainFilter;
import io.fullhouse.gateway.http.BodyLimitFilter;
import io.fullhouse.gateway.http.CacheControlFilter;
import io.fullhouse.gateway.http.CorsFilter;
import io.fullhouse.gateway.http.EnvelopeErrorHandler;
import io.fullhouse.gateway.http.ErrorMapper;
import io.fullhouse.gateway.http.LanguageFilter;
import io.fullhouse.gateway.http.RequestIdFilter;
import io.fullhouse.gateway.http.SecurityHeaders;
import io.fullhouse.gateway.http.SlowClients;
import io.fullhouse.gateway.http.UnsentAnswerFilter;
import io.fullhouse.gateway.http.WholeBodies;
import io.fullhouse.gateway.limit.QuotaHeaders;
import io.fullhouse.gateway.limit.ReadLimit;
import io.fullhouse.gateway.limit.RequestLimits;
import io.fullhouse.gateway.limit.TrustedProxies;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.glassfish.jersey.server.ServerProperties;
import org.jspecify.annotations.Nullable;

/** Jetty and Jersey, set up so that every answer has the envelope. */
final class HttpLayer {
  /** Bytes. */
  private static final int MAX_SOCKET_MESSAGE = 4096;

  private final Environment environment;
  private final ErrorMapper errors;
  private final TrustedProxies proxies;
  private final SlowClients slowClients;
  private volatile @Nullable Server server;
  private volatile @Nullable ServerWebSocketContainer sockets;

  HttpLayer(
      Environment environment,
      GatewayConfiguration configuration,
      GatewaySettings settings,
      InstantSource time) {
    this.environment = environment;
    this.errors = new ErrorMapper(time);
    this.proxies = settings.proxies();
    this.slowClients = new SlowClients(settings.receiveWithin(), System::nanoTime);
    if (configuration.getServerFactory() instanceof AbstractServerFactory factory) {
      factory.setRegisterDefaultExceptionMappers(false);
    }
    if (configuration.getServerFactory() instanceof DefaultServerFactory factory) {
      factory.getApplicationConnectors().stream()
          .filter(HttpConnectorFactory.class::isInstance)
          .map(HttpConnectorFactory.class::cast)
          .forEach(HttpLayer::readToTheLetter);
    }
  }

  /**
   * An ARN in a path holds a slash, percent-encoded, and a user id may hold any character; nothing
   * here decodes a path twice or looks for files by it. And a seat is what was sent: the headers
   * that Jetty remembers of a connection it finds again in upper or lower case, so that another
   * text of the same letters would be taken for a seat that came before.
   */
  private static void readToTheLetter(HttpConnectorFactory connector) {
    connector.setHeaderCacheSize(DataSize.bytes(0));
    connector.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "ids",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));
  }

  void serve(KeyGuard keys, RequestLimits limits, CorsFilter cors, Object... resources) {
    EnvelopeErrorHandler refusals = new EnvelopeErrorHandler(errors, environment.getObjectMapper());
    environment.getApplicationContext().setErrorHandler(refusals);
    environment.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(true);
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStarting(LifeCycle event) {
                if (event instanceof Server starting) {
                  starting.setErrorHandler(refusals);
                  starting.insertHandler(new WholeBodies());
                  sockets = boundedSockets(starting);
                  for (Connector connector : starting.getConnectors()) {
                    connector.addEventListener(slowClients);
                  }
                  server = starting;
                }
              }
            });
    var unused =
        environment
            .lifecycle()
            .scheduledExecutorService("slow-clients", true)
            .build()
            .scheduleWithFixedDelay(slowClients::look, 1, 1, TimeUnit.SECONDS);
    environment
        .servlets()
        .addFilter("security-headers", new SecurityHeaders(proxies::secure))
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    environment
        .servlets()
        .addFilter("request-id", new RequestIdFilter())
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    environment
        .servlets()
        .addFilter("unsent-answers", new UnsentAnswerFilter())
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    environment.jersey().property(ServerProperties.WADL_FEATURE_DISABLE, true);
    environment.jersey().register(errors);
    environment.jersey().register(keys);
    environment.jersey().register(new ReadLimit(limits));
    environment.jersey().register(new QuotaHeaders());
    environment.jersey().register(new BodyLimitFilter());
    environment.jersey().register(new BodyDrainFilter());
    environment.jersey().register(new CacheControlFilter());
    environment.jersey().register(cors);
    environment.jersey().register(new LanguageFilter());
    for (Object resource : resources) {
      environment.jersey().register(resource);
    }
  }

  /** Nobody has much to say to us. */
  private static ServerWebSocketContainer boundedSockets(Server server) {
    ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
    sockets.setMaxTextMessageSize(MAX_SOCKET_MESSAGE);
    sockets.setMaxBinaryMessageSize(MAX_SOCKET_MESSAGE);
    sockets.setMaxFrameSize(MAX_SOCKET_MESSAGE);
    return sockets;
  }

  /** What makes WebSockets of connections, once the server starts. */
  ServerWebSocketContainer sockets() {
    return Objects.requireNonNull(sockets, "no request before the start");
  }

  /** Runs when a stop begins, before requests under way are waited for. */
  void beforeStop(Runnable task) {
    environment
        .lifecycle()
        .addEventListener(
            new LifeCycle.Listener() {
              @Override
              public void lifeCycleStopping(LifeCycle event) {
                if (event instanceof Server) {
                  task.run();
                }
              }
            });
  }

  /** The server's own threads: bounded, and free while requests wait for Redis. */
  Executor threads() {
    return task -> {
      Server running = server;
      try {
        if (running != null) {
          running.getThreadPool().execute(task);
          return;
        }
      } catch (RejectedExecutionException e) {
        // Stopping: the answer still goes out, on the thread that brought it.
      }
      task.run();
    };
  }

  private static String host(ServerConnector listener) {
    String host = listener.getHost();
    if (host == null || host.equals("0.0.0.0") || host.equals("::")) {
      return "127.0.0.1";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** Where this gateway listens; empty while it does not. */
  Optional<URI> ownAddress() {
    Server running = server;
    if (running == null || !running.isStarted()) {
      return Optional.empty();
    }
    for (Connector connector : running.getConnectors()) {
      if (connector instanceof ServerConnector listener
          && "application".equals(listener.getName())
          && listener.getLocalPort() > 0) {
        return Optional.of(
            URI.create(
                "http://" + host(listener) + ":" + listener.getLocalPort() + "/health/live"));
      }
    }
    return Optional.empty();
  }
}
