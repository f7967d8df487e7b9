package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped settings, read as the worker reads them. */
final class CounterConfigurationTest {
  private static final String SHIPPED = "../deploy/config/counter.yml";

  private static CounterConfiguration load(Map<String, String> environment)
      throws IOException, ConfigurationException {
    return new DefaultConfigurationFactoryFactory<CounterConfiguration>()
        .create(
            CounterConfiguration.class, Validators.newValidator(), Jackson.newObjectMapper(), "dw")
        .build(
            new SubstitutingSourceProvider(
                new FileConfigurationSourceProvider(), new EnvironmentSubstitutor(environment)),
            SHIPPED);
  }

  @Test
  void the_shipped_file_has_the_documented_defaults() throws Exception {
    CounterConfiguration shipped = load(Map.of());
    assertThat(shipped.broadcast().keyPrefix()).isEqualTo("ivs:prod:");
    assertThat(shipped.broadcast().id().value()).isEqualTo("main");
    assertThat(shipped.redis().describe()).isEqualTo("127.0.0.1:6379");
    assertThat(shipped.heartbeatTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(shipped.sweepInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(shipped.retention()).isEqualTo(new Retention(Duration.ofHours(6), 2L << 30));
  }

  @Test
  void every_setting_can_come_from_the_environment() throws Exception {
    CounterConfiguration given =
        load(
            Map.of(
                "REDIS_URL", "rediss://redis.example:6380",
                "REDIS_PASSWORD", "it's secret",
                "REDIS_KEY_PREFIX", "{show}:",
                "BROADCAST_ID", "show",
                "HEARTBEAT_INTERVAL", "10s",
                "HEARTBEAT_TIMEOUT", "30s",
                "SWEEP_INTERVAL", "2s",
                "EVENT_RETENTION", "90m",
                "EVENT_MAX_SIZE", "512MiB"));
    assertThat(given.redis().describe()).isEqualTo("redis.example:6380 (TLS)");
    assertThat(given.broadcast().keyPrefix()).isEqualTo("{show}:");
    assertThat(given.heartbeatTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(given.sweepInterval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(given.retention()).isEqualTo(new Retention(Duration.ofMinutes(90), 512L << 20));
  }

  @Test
  void a_timeout_below_two_intervals_is_refused() throws Exception {
    CounterConfiguration given =
        load(Map.of("HEARTBEAT_INTERVAL", "20s", "HEARTBEAT_TIMEOUT", "39s"));
    assertThatThrownBy(given::heartbeatTimeout)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HEARTBEAT_TIMEOUT")
        .hasMessageContaining("twice");
  }

  @Test
  void bad_values_are_refused() throws Exception {
    assertThatThrownBy(() -> load(Map.of("SWEEP_INTERVAL", "0s")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("sweepInterval");
    assertThatThrownBy(() -> load(Map.of("EVENT_RETENTION", "long")))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> load(Map.of("REDIS_URL", "http://x")).redis())
        .hasMessageContaining("REDIS_URL");
    assertThatThrownBy(() -> load(Map.of("REDIS_URL", "redis-cluster://a:1,b:2")).redis())
        .hasMessageContaining("hash tag");
    assertThatThrownBy(() -> load(Map.of("EVENT_RETENTION", "5s")).retention())
        .hasMessageContaining("minute");
  }
}
