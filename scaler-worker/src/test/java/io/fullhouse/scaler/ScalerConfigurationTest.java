package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.model.StageArn;
import io.lettuce.core.RedisCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;

/** The configuration that is shipped, through Dropwizard's own factory. */
final class ScalerConfigurationTest {
  static final String SHIPPED = "../deploy/config/scaler.yml";
  static final String ARN = "arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456";

  private final Map<String, String> environment = new HashMap<>(Map.of("MASTER_STAGE_ARN", ARN));

  @Test
  void has_the_defaults_of_the_contract() throws Exception {
    ScalerConfiguration configuration = load();

    assertThat(configuration.mode()).isEqualTo(ScalerConfiguration.Mode.PRODUCTION);
    assertThat(configuration.masterStage()).isEqualTo(new StageArn(ARN));
    assertThat(configuration.region()).isEqualTo(Region.EU_WEST_1);
    assertThat(configuration.broadcast().id().value()).isEqualTo("main");
    assertThat(configuration.broadcast().keyPrefix()).isEqualTo("ivs:prod:");
    assertThat(configuration.redis().describe()).isEqualTo("127.0.0.1:6379");
    assertThat(configuration.interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(configuration.limits())
        .isEqualTo(
            new ScalingLimits(
                50,
                20,
                new BigDecimal("0.8"),
                5,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                0,
                new IvsQuotas(5, 1_000, 10_000, 20_000, 50)));
    assertThat(configuration.joinRateWindow()).isEqualTo(Duration.ofSeconds(30));
    assertThat(configuration.prewarm()).isEqualTo(PrewarmSchedule.NONE);
    assertThat(configuration.eventBus()).isEmpty();
    assertThat(configuration.reconciliation()) // a call in 500 ms is half of 4 a second
        .isEqualTo(
            new Reconciliation.Settings(
                false, false, Duration.ofMinutes(5), Duration.ofMillis(500)));
    HttpConnectorFactory admin = adminConnector(configuration);
    assertThat(admin.getPort()).isEqualTo(3021);
    assertThat(admin.getBindHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void every_setting_can_be_given_as_a_variable() throws Exception {
    environment.putAll(
        Map.of(
            "FULLHOUSE_MODE", "development",
            "REDIS_URL", "redis-cluster://redis.example:7000",
            "REDIS_KEY_PREFIX", "{ivs:b2}:",
            "BROADCAST_ID", "b2",
            "ADMIN_PORT", "4021",
            "AWS_REGION", "eu-west-1"));
    environment.putAll(
        Map.of(
            "STAGE_CAPACITY", "9500",
            "MAX_STAGES", "6",
            "SCALE_UP_UTILIZATION", "0.65",
            "SCALE_DOWN_VIEWERS", "100",
            "STAGE_WARMUP", "90s",
            "SCALER_INTERVAL", "10s",
            "STAGE_OPEN_TIME", "2s",
            "JOIN_RATE_WINDOW", "12s",
            "SCALE_COOL_DOWN", "7m"));
    environment.putAll(
        Map.of(
            "WARM_SPARE_STAGES", "2",
            "PREWARM", "300@2026-11-23T18:00:00Z/2026-11-23T20:00:00Z,40",
            "REPLICA_LIMIT", "7",
            "IVS_STAGES_PER_REGION", "2000",
            "IVS_SUBSCRIBERS_PER_STAGE", "25000",
            "SUBSCRIPTION_BUDGET", "100000",
            "IVS_TOKENS_PER_SECOND", "60"));
    ScalerConfiguration configuration = load();

    assertThat(configuration.mode()).isEqualTo(ScalerConfiguration.Mode.DEVELOPMENT);
    assertThat(configuration.redis().describe()).isEqualTo("cluster redis.example:7000");
    assertThat(configuration.broadcast().keyPrefix()).isEqualTo("{ivs:b2}:");
    assertThat(configuration.limits())
        .isEqualTo(
            new ScalingLimits(
                9500,
                6,
                new BigDecimal("0.65"),
                100,
                Duration.ofSeconds(90),
                Duration.ofSeconds(2),
                Duration.ofMinutes(7),
                2,
                new IvsQuotas(7, 2_000, 25_000, 100_000, 60)));
    assertThat(configuration.joinRateWindow()).isEqualTo(Duration.ofSeconds(12));
    assertThat(configuration.prewarm().windows()).hasSize(2);
    assertThat(adminConnector(configuration).getPort()).isEqualTo(4021);
  }

  @Test
  void strangers_are_disconnected_when_drift_is_corrected() throws Exception {
    environment.putAll(Map.of("RECONCILE", "correct", "RECONCILE_DISCONNECT", "true"));

    assertThat(load().reconciliation())
        .isEqualTo(
            new Reconciliation.Settings(true, true, Duration.ofMinutes(5), Duration.ofMillis(500)));
  }

  @Test
  void an_empty_variable_counts_as_not_set() throws Exception {
    environment.put("ADMIN_PORT", "");
    environment.put("AWS_REGION", "");

    assertThat(adminConnector(load()).getPort()).isEqualTo(3021);
  }

  @Test
  void a_password_may_hold_anything() throws Exception {
    String password = "it's \"{a}\": ${HOME} #1";
    environment.put("REDIS_PASSWORD", password);

    RedisCredentials credentials =
        load()
            .redis()
            .nodes()
            .get(0)
            .getCredentialsProvider()
            .resolveCredentials()
            .toFuture()
            .join();

    assertThat(String.valueOf(credentials.getPassword())).isEqualTo(password);
  }

  @ParameterizedTest
  @CsvSource({
    "MASTER_STAGE_ARN, '', MASTER_STAGE_ARN",
    "FULLHOUSE_MODE, demo, mode",
    "STAGE_CAPACITY, 0, scaling.stageCapacity",
    "STAGE_CAPACITY, 25001, scaling.stageCapacity",
    "STAGE_CAPACITY, many, scaling.stageCapacity",
    "MAX_STAGES, 0, scaling.maxStages",
    "SCALE_UP_UTILIZATION, most, scaling.scaleUpUtilization",
    "SCALE_DOWN_VIEWERS, -1, scaling.scaleDownViewers",
    "STAGE_WARMUP, soon, scaling.stageWarmup",
    "SCALER_INTERVAL, 0s, scaling.interval",
    "STAGE_OPEN_TIME, soon, scaling.stageOpenTime",
    "JOIN_RATE_WINDOW, 0s, scaling.joinRateWindow",
    "SCALE_COOL_DOWN, -5m, scaling.coolDown",
    "WARM_SPARE_STAGES, -1, scaling.warmSpareStages",
    "REPLICA_LIMIT, -1, scaling.quotas.replicaLimit",
    "IVS_STAGES_PER_REGION, 0, scaling.quotas.stagesPerRegion",
    "IVS_SUBSCRIBERS_PER_STAGE, 0, scaling.quotas.subscribersPerStage",
    "SUBSCRIPTION_BUDGET, 0, scaling.quotas.subscriptionBudget",
    "IVS_TOKENS_PER_SECOND, 0, scaling.quotas.tokensPerSecond",
    "RECONCILE, maybe, RECONCILE",
    "RECONCILE_DISCONNECT, perhaps, ivs.reconcileDisconnect",
    "ADMIN_PORT, 70000, port"
  })
  void a_wrong_value_names_its_setting(String variable, String value, String named) {
    environment.put(variable, value);

    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({
    "MASTER_STAGE_ARN, arn:aws:ivs:eu-west-1:1:channel/x, MASTER_STAGE_ARN",
    "AWS_REGION, us-east-1, AWS_REGION",
    "BROADCAST_ID, UPPER, broadcast id",
    "REDIS_URL, http://redis, REDIS_URL",
    "REDIS_URL, redis-cluster://redis:7000, REDIS_KEY_PREFIX",
    "SCALE_UP_UTILIZATION, 1.5, SCALE_UP_UTILIZATION",
    "SCALE_DOWN_VIEWERS, 50, SCALE_DOWN_VIEWERS",
    "STAGE_CAPACITY, 10001, IVS_SUBSCRIBERS_PER_STAGE",
    "WARM_SPARE_STAGES, 20, WARM_SPARE_STAGES",
    "RECONCILE_DISCONNECT, true, RECONCILE is report",
    "PREWARM, 300@six, is not a time"
  })
  void what_does_not_fit_together_is_refused(String variable, String value, String named)
      throws Exception {
    environment.put(variable, value);
    ScalerConfiguration configuration = load();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              configuration.broadcast();
              configuration.masterStage();
              configuration.region();
              configuration.redis();
              configuration.limits();
              configuration.prewarm();
              configuration.reconciliation();
            })
        .withMessageContaining(named);
  }

  @Test
  void a_key_that_nobody_knows_is_refused() {
    assertThatThrownBy(() -> load(shipped().replace("maxStages:", "maximumStages:")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("maximumStages");
  }

  private ScalerConfiguration load() throws IOException, ConfigurationException {
    return load(shipped());
  }

  private ScalerConfiguration load(String yaml) throws IOException, ConfigurationException {
    return new DefaultConfigurationFactoryFactory<ScalerConfiguration>()
        .create(
            ScalerConfiguration.class, Validators.newValidator(), Jackson.newObjectMapper(), "dw")
        .build(
            new SubstitutingSourceProvider(
                path -> bytes(yaml), new EnvironmentSubstitutor(environment)),
            SHIPPED);
  }

  private static InputStream bytes(String yaml) {
    return new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static String shipped() throws IOException {
    try (InputStream file = new FileConfigurationSourceProvider().open(SHIPPED)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static HttpConnectorFactory adminConnector(ScalerConfiguration configuration) {
    DefaultServerFactory server = (DefaultServerFactory) configuration.getServerFactory();
    assertThat(server.getApplicationConnectors()).isEmpty();
    return (HttpConnectorFactory) server.getAdminConnectors().get(0);
  }
}
