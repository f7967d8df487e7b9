package io.fullhouse.gateway;

import io.dropwizard.lifecycle.Managed;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.model.ViewerEvent.SaidBye;
import io.fullhouse.model.ViewerEvent.Ticked;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log that somebody listens. Only ticks move the clock by which viewers expire, so a
 * gateway that cannot be reached must not tick: each asks its own listener first.
 */
final class Ticker implements Managed {
  private static final Logger logger = LoggerFactory.getLogger(Ticker.class);

  /** {@code drain.lua} takes three of these without a tick for an outage. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final int LISTENER_BOUND_MILLIS = 1_000;

  private final EventLog log;
  private final Supplier<Optional<URI>> listener;
  private final GatewayMetrics metrics;
  private final String gateway = "gw-" + AdmissionId.random().value().substring(0, 12);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "ticker"));
  private @Nullable Future<?> schedule;
  private final AtomicBoolean silent = new AtomicBoolean();

  /**
   * @param listener where this gateway listens; empty until it does
   */
  Ticker(EventLog log, Supplier<Optional<URI>> listener, GatewayMetrics metrics) {
    this.log = log;
    this.listener = listener;
    this.metrics = metrics;
  }

  @Override
  public void start() {
    schedule =
        thread.scheduleAtFixedRate(this::step, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One tick, if the listener answers and Redis takes it. Says whether it is in the log. */
  boolean step() {
    try {
      Optional<URI> own = listener.get();
      if (own.isEmpty()) {
        return false; // still starting
      }
      if (!answers(own.get())) {
        changed(true, "its own listener does not answer");
        return false;
      }
      append(new Ticked(gateway));
      metrics.ticked();
      changed(false, "");
      return true;
    } catch (IOException | ExecutionException e) {
      changed(true, e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RuntimeException e) {
      logger.error("tick failed", e); // else the schedule would end without a word
      return false;
    }
  }

  private static boolean answers(URI own) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) own.toURL().openConnection();
    connection.setConnectTimeout(LISTENER_BOUND_MILLIS);
    connection.setReadTimeout(LISTENER_BOUND_MILLIS);
    try {
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } finally {
      connection.disconnect();
    }
  }

  private void append(ViewerEvent event) throws InterruptedException, ExecutionException {
    log.append(event, gateway).toCompletableFuture().get(); // bounded by GatewayRedis
  }

  private void changed(boolean nowSilent, String why) {
    if (silent.getAndSet(nowSilent) != nowSilent) {
      logger.info(nowSilent ? "{} does not tick: {}" : "{} ticks", gateway, why);
    }
  }

  /** Called when the listener accepts nobody any more. */
  @Override
  public void stop() throws InterruptedException {
    if (schedule != null) {
      schedule.cancel(true);
    }
    thread.shutdownNow();
    thread.awaitTermination(2, TimeUnit.SECONDS);
    try {
      append(new SaidBye(gateway));
      logger.info("{} said bye", gateway);
    } catch (ExecutionException e) {
      logger.warn("{} could not say bye: {}", gateway, e.toString());
    }
  }
}
