package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.fullhouse.gateway.ivs.IvsUserIds;
import io.fullhouse.gateway.limit.RateClass;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped configuration, through Dropwizard's own factory. */
final class GatewaySettingsTest {
  static final String SHIPPED = "../deploy/config/gateway.yml";
  private static final String ARN = "arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456";

  private static final ConfigurationFactory<GatewayConfiguration> FACTORY =
      new DefaultConfigurationFactoryFactory<GatewayConfiguration>()
          .create(
              GatewayConfiguration.class,
              Validators.newValidator(),
              Jackson.newObjectMapper(),
              "dw");

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "MASTER_STAGE_ARN", ARN,
              "API_KEYS", "studio:hunter2",
              "SEAT_SECRETS", "k1:0123456789abcdef"));

  @Test
  void has_the_defaults_of_the_contract() throws Exception {
    GatewayConfiguration configuration = load("");
    GatewaySettings settings = GatewaySettings.of(configuration);

    assertThat(settings.mode()).isEqualTo(GatewaySettings.Mode.PRODUCTION);
    assertThat(settings.broadcast().id().value()).isEqualTo("main");
    assertThat(settings.broadcast().keyPrefix()).isEqualTo("ivs:prod:");
    assertThat(settings.redis().describe()).isEqualTo("127.0.0.1:6379");
    assertThat(settings.capacity()).isEqualTo(50);
    assertThat(settings.heartbeatInterval()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.viewerTokenLife()).isEqualTo(Duration.ofHours(12));
    assertThat(settings.publisherTokenLife()).isEqualTo(Duration.ofHours(12));
    assertThat(settings.userIds()).isEqualTo(IvsUserIds.Mode.PSEUDONYM);
    assertThat(settings.joinBeforeLive()).isFalse();
    assertThat(settings.origins()).isEmpty();
    assertThat(settings.awsRegion()).isEqualTo("eu-west-1");
    assertThat(port(configuration)).isEqualTo(3000);
  }

  @Test
  void every_setting_can_be_given_as_a_variable() throws Exception {
    environment.putAll(
        Map.of(
            "FULLHOUSE_MODE", "development",
            "REDIS_URL", "redis-cluster://redis.example:7000",
            "REDIS_KEY_PREFIX", "{ivs:b2}:",
            "BROADCAST_ID", "b2",
            "HTTP_PORT", "4000",
            "AWS_REGION", "eu-west-1",
            "CORS_ORIGINS", "https://a.example, https://b.example:8443",
            "JOIN_BEFORE_LIVE", "true",
            "STAGE_CAPACITY", "9500"));
    environment.putAll(
        Map.of(
            "HEARTBEAT_INTERVAL", "5s",
            "HEARTBEAT_TIMEOUT", "10s",
            "VIEWER_TOKEN_TTL", "90m",
            "RECEIVE_WITHIN", "5s",
            "RATE_LIMITS", "join=off",
            "TRUSTED_PROXIES", "10.0.0.0/8",
            "PUBLISHER_TOKEN_TTL", "14d",
            "AWS_ENDPOINT_URL_IVS_REALTIME", "http://127.0.0.1:3090",
            "IVS_USER_ID", "none"));
    GatewayConfiguration configuration = load("");
    GatewaySettings settings = GatewaySettings.of(configuration);

    assertThat(settings.mode()).isEqualTo(GatewaySettings.Mode.DEVELOPMENT);
    assertThat(settings.redis().describe()).isEqualTo("cluster redis.example:7000");
    assertThat(settings.broadcast().keyPrefix()).isEqualTo("{ivs:b2}:");
    assertThat(settings.origins())
        .containsExactlyInAnyOrder("https://a.example", "https://b.example:8443");
    assertThat(settings.joinBeforeLive()).isTrue();
    assertThat(settings.capacity()).isEqualTo(9500);
    assertThat(settings.heartbeatInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.viewerTokenLife()).isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.publisherTokenLife()).isEqualTo(Duration.ofDays(14));
    assertThat(settings.ivsEndpoint()).hasValue(URI.create("http://127.0.0.1:3090"));
    assertThat(settings.receiveWithin()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.rateLimits().of(RateClass.JOIN)).isEmpty();
    assertThat(settings.rateLimits().of(RateClass.READ)).isPresent();
    assertThat(settings.userIds()).isEqualTo(IvsUserIds.Mode.NONE);
    assertThat(port(configuration)).isEqualTo(4000);
  }

  @Test
  void a_secret_is_taken_as_it_is_and_never_shown() throws Exception {
    String key = "it's \"${HOME}\" # {x} 100%";
    environment.put("API_KEYS", "a:" + key);
    environment.put("REDIS_PASSWORD", "hunter3");
    GatewayConfiguration configuration = load("");

    assertThat(GatewaySettings.of(configuration).apiKeys().get().find(key)).isPresent();
    assertThat(configuration.apiKeys()).hasToString("***");
    assertThat(configuration).asString().doesNotContain("100%");
    assertThat(GatewaySettings.of(configuration))
        .asString()
        .doesNotContain("100%", "0123456789", "hunter3");
  }

  @Test
  void development_brings_its_own_key() throws Exception {
    environment.put("FULLHOUSE_MODE", "development");
    environment.put("API_KEYS", "");

    assertThat(GatewaySettings.of(load("")).apiKeys().get().find("dev-key")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "API_KEYS||API_KEYS is not set",
        "SEAT_SECRETS||SEAT_SECRETS is not set",
        "MASTER_STAGE_ARN||MASTER_STAGE_ARN is not set",
        "MASTER_STAGE_ARN|arn:aws:s3:::bucket|MASTER_STAGE_ARN is not the ARN of an IVS stage",
        "AWS_REGION|us-east-1|AWS_REGION is us-east-1",
        "AWS_ENDPOINT_URL_IVS_REALTIME|127.0.0.1; x|must look like http://host:port",
        "FULLHOUSE_MODE|prod|FULLHOUSE_MODE must be one of [production, development]",
        "IVS_USER_ID|name|IVS_USER_ID must be one of [pseudonym, plain, none]",
        "STAGE_CAPACITY|0|STAGE_CAPACITY must be 1 to 25000",
        "HEARTBEAT_INTERVAL|31s|HEARTBEAT_TIMEOUT must be at least twice",
        "HEARTBEAT_INTERVAL|1500ms|HEARTBEAT_INTERVAL must be whole seconds",
        "VIEWER_TOKEN_TTL|90s|VIEWER_TOKEN_TTL must be whole minutes",
        "PUBLISHER_TOKEN_TTL|15d|PUBLISHER_TOKEN_TTL must be whole minutes",
        "IVS_TOKENS_PER_SECOND|0|IVS_TOKENS_PER_SECOND must be 1 to 10000",
        "ACCOUNT_KEY_PREFIX|a b|ACCOUNT_KEY_PREFIX has 1 to 64 printable",
        "CORS_ORIGINS|example.org|CORS_ORIGINS must list origins",
        "API_KEYS_FILE|pom.xml|API_KEYS and API_KEYS_FILE are both set",
        "SEAT_SECRETS_FILE|pom.xml|SEAT_SECRETS and SEAT_SECRETS_FILE are both set",
        "INTERNAL_SECRET|short|INTERNAL_SECRET must have at least 8 characters",
        "RECEIVE_WITHIN|999ms|RECEIVE_WITHIN must be at least 1s",
        "RATE_LIMITS|join=10|a rate in RATE_LIMITS looks like",
        "TRUSTED_PROXIES|10.0.0.0/40|TRUSTED_PROXIES must list addresses or networks",
        "BROADCAST_ID|Main|a broadcast id has",
        "REDIS_URL|http://x|REDIS_URL must start with",
        "REDIS_URL|redis-cluster://x|REDIS_KEY_PREFIX must hold a hash tag"
      })
  void a_bad_value_is_refused_by_name(String variable, String value, String message)
      throws Exception {
    environment.put(variable, value == null ? "" : value);
    GatewayConfiguration configuration = load("");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GatewaySettings.of(configuration))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TOKEN_MODE|kms|TOKEN_MODE must be one of [api, self-signed]",
        "TOKEN_KEY_ARN||TOKEN_KEY_ARN is not set",
        "TOKEN_KEY_ARN|arn:aws:ivs:eu-west-1:123456789012:stage/x|TOKEN_KEY_ARN is not the ARN",
        "TOKEN_KEY_ARN|arn:aws:ivs:us-east-1:123456789012:public-key/x|of another account or region",
        "TOKEN_PRIVATE_KEY_FILE||TOKEN_PRIVATE_KEY_FILE is not set",
        "TOKEN_PRIVATE_KEY_FILE|/does/not/exist|TOKEN_PRIVATE_KEY_FILE /does/not/exist does not exist",
        "TOKEN_PRIVATE_KEY_FILE|pom.xml|TOKEN_PRIVATE_KEY_FILE pom.xml is not a private key",
      })
  void a_key_for_tokens_that_cannot_serve_is_refused(String variable, String value, String message)
      throws Exception {
    environment.put("TOKEN_MODE", "self-signed");
    environment.put("TOKEN_KEY_ARN", "arn:aws:ivs:eu-west-1:123456789012:public-key/x");
    environment.put("TOKEN_PRIVATE_KEY_FILE", "/does/not/exist");
    environment.put(variable, value == null ? "" : value);
    GatewayConfiguration configuration = load("");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GatewaySettings.of(configuration))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_PORT,http",
    "STAGE_CAPACITY,many",
    "HEARTBEAT_INTERVAL,soon",
    "JOIN_BEFORE_LIVE,maybe"
  })
  void a_value_of_the_wrong_kind_is_refused(String variable, String value) {
    environment.put(variable, value);

    assertThatThrownBy(() -> load("")).isInstanceOf(ConfigurationException.class);
  }

  @Test
  void an_unknown_setting_is_refused() {
    assertThatThrownBy(() -> load("\nseatSecret: 'x'\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("seatSecret");
  }

  @Test
  void a_syntax_error_is_told_without_the_line_that_has_it() {
    assertThatThrownBy(() -> load("\napiKeys: 'hunter2\n"))
        .satisfies(
            failure -> assertThat(GatewayCommand.reason(failure)).doesNotContain("hunter2", "\n"));
  }

  private GatewayConfiguration load(String more) throws IOException, ConfigurationException {
    return FACTORY.build(
        new SubstitutingSourceProvider(
            path -> {
              byte[] shipped = new FileConfigurationSourceProvider().open(path).readAllBytes();
              String text = new String(shipped, StandardCharsets.UTF_8) + more;
              return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            },
            EnvironmentVariables.substitutor(environment::get)),
        SHIPPED);
  }

  private static int port(GatewayConfiguration configuration) {
    DefaultServerFactory server = (DefaultServerFactory) configuration.getServerFactory();
    return ((HttpConnectorFactory) server.getApplicationConnectors().get(0)).getPort();
  }
}
