package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.language.Phrase;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletionStage;

/** How this gateway does. Thread-safe. */
final class Health {
  private final GatewayRedis redis;
  private final StatsReader stats;
  private final GatewaySettings settings;

  Health(GatewayRedis redis, StatsReader stats, GatewaySettings settings) {
    this.redis = redis;
    this.stats = stats;
    this.settings = settings;
  }

  /** Of the jar; {@code development} when run from classes. */
  static String version() {
    String version = Health.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** The answer of {@code /health}: names are the public contract. */
  record Report(
      String status,
      double uptime,
      String environment,
      String version,
      Services services,
      Memory memory) {}

  record Services(String redis, Aws aws) {}

  record Aws(String region, boolean stageConfigured) {}

  /** In bytes. */
  record Memory(long used, long max) {}

  /** The answer of {@code /health/ready}. */
  record Ready(String status) {}

  /** Succeeds also while Redis is away, and says so. */
  CompletionStage<Report> report() {
    return redis.call(c -> c.ping()).handle((pong, failure) -> report(failure == null));
  }

  private Report report(boolean redisAnswers) {
    Runtime runtime = Runtime.getRuntime();
    return new Report(
        redisAnswers ? "healthy" : "degraded",
        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0,
        GatewaySettings.wireName(settings.mode()),
        version(),
        new Services(
            redisAnswers ? "connected" : "disconnected", new Aws(settings.awsRegion(), true)),
        new Memory(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory()));
  }

  /** Succeeds when a join could: Redis answers and a stage is open. */
  CompletionStage<Ready> ready() {
    return stats
        .recent()
        .thenApply(
            now -> {
              if (now.recovering()) {
                throw ApiException.unavailable(Phrase.NO_STAGE_REGISTERED);
              }
              return new Ready("ready");
            });
  }
}
