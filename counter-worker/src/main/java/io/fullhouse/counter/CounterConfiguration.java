package io.fullhouse.counter;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.RedisSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code deploy/config/counter.yml}, which explains each setting.
 *
 * <p>What the annotations cannot say is checked by the methods that give typed values: each throws
 * {@link IllegalArgumentException} with a line for the operator.
 */
final class CounterConfiguration extends Configuration {
  private final @Valid @NotNull RedisSection redis;
  private final @Valid @NotNull BroadcastSection broadcast;
  private final @Valid @NotNull ViewersSection viewers;
  private final @Valid @NotNull EventsSection events;

  @JsonCreator
  CounterConfiguration(
      @JsonProperty("redis") RedisSection redis,
      @JsonProperty("broadcast") BroadcastSection broadcast,
      @JsonProperty("viewers") ViewersSection viewers,
      @JsonProperty("events") EventsSection events) {
    this.redis = redis;
    this.broadcast = broadcast;
    this.viewers = viewers;
    this.events = events;
  }

  record RedisSection(@NotEmpty String url, @Nullable String password) {
    /** Either may hold a secret. */
    @Override
    public String toString() {
      return "RedisSection";
    }
  }

  record BroadcastSection(@NotEmpty String id, @NotEmpty String keyPrefix) {}

  record ViewersSection(
      @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration heartbeatInterval,
      @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration heartbeatTimeout,
      @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration sweepInterval) {}

  record EventsSection(@NotNull Duration retention, @NotNull DataSize maxSize) {}

  Broadcast broadcast() {
    return new Broadcast(new BroadcastId(broadcast.id()), broadcast.keyPrefix());
  }

  RedisSettings redis() {
    return RedisSettings.parse(redis.url(), redis.password(), broadcast());
  }

  /** Of silence, after which a viewer expires: two heartbeats at least may be lost. */
  java.time.Duration heartbeatTimeout() {
    java.time.Duration interval = viewers.heartbeatInterval().toJavaDuration();
    java.time.Duration timeout = viewers.heartbeatTimeout().toJavaDuration();
    if (timeout.compareTo(interval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "HEARTBEAT_TIMEOUT (%s) must be at least twice HEARTBEAT_INTERVAL (%s)"
              .formatted(viewers.heartbeatTimeout(), viewers.heartbeatInterval()));
    }
    return timeout;
  }

  java.time.Duration sweepInterval() {
    return viewers.sweepInterval().toJavaDuration();
  }

  Retention retention() {
    return new Retention(events.retention().toJavaDuration(), events.maxSize().toBytes());
  }
}
