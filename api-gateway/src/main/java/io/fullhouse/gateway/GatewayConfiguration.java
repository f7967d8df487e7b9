package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/**
 * {@code deploy/config/gateway.yml} as it stands there, where the meaning of each setting is
 * written. {@link GatewaySettings} makes typed values of it.
 */
public final class GatewayConfiguration extends Configuration {
  /** {@code REDIS_URL}, {@code REDIS_PASSWORD}. */
  public record RedisPart(@NotNull String url, @NotNull Secret password) {}

  /** {@code BROADCAST_ID}, {@code REDIS_KEY_PREFIX}. */
  public record BroadcastPart(@NotNull String id, @NotNull String keyPrefix) {}

  /** {@code MASTER_STAGE_ARN}, {@code AWS_REGION}, {@code AWS_ENDPOINT_URL_IVS_REALTIME}. */
  public record IvsPart(
      @NotNull String masterStageArn, @NotNull String region, @NotNull String endpoint) {}

  /** {@code ACCOUNT_KEY_PREFIX}, {@code IVS_TOKENS_PER_SECOND}. */
  public record AccountPart(@NotNull String keyPrefix, double tokensPerSecond) {}

  /** {@code HEARTBEAT_INTERVAL}, {@code HEARTBEAT_TIMEOUT}. */
  public record HeartbeatPart(@NotNull Duration interval, @NotNull Duration timeout) {}

  /**
   * {@code TOKEN_MODE}, {@code TOKEN_KEY_ARN}, {@code TOKEN_PRIVATE_KEY_FILE}, {@code
   * VIEWER_TOKEN_TTL}, {@code PUBLISHER_TOKEN_TTL}, {@code IVS_USER_ID}.
   */
  public record TokenPart(
      @NotNull String mode,
      @NotNull String keyArn,
      @NotNull String privateKeyFile,
      @NotNull Duration viewerLife,
      @NotNull Duration publisherLife,
      @NotNull String userId,
      @NotNull String whipEndpoint) {}

  /** {@code LIVE_WATCHERS}, {@code LIVE_TAKES_WITHIN}. */
  public record LivePart(int watchers, @NotNull Duration takesWithin) {}

  @JsonProperty @NotNull private String mode = "production";

  @JsonProperty @NotNull @Valid
  private RedisPart redis = new RedisPart("redis://127.0.0.1:6379", new Secret(""));

  @JsonProperty @NotNull @Valid
  private BroadcastPart broadcast = new BroadcastPart("main", "ivs:prod:");

  @JsonProperty @NotNull private Secret apiKeys = new Secret("");

  @JsonProperty @NotNull private String apiKeysFile = "";

  @JsonProperty @NotNull private Secret seatSecrets = new Secret("");

  @JsonProperty @NotNull private String seatSecretsFile = "";

  @JsonProperty @NotNull private Secret internalSecret = new Secret("");

  @JsonProperty @NotNull private String corsOrigins = "";

  @JsonProperty @NotNull private String rateLimits = "join=10/m,beat=6/m,leave=10/m,read=20/s";

  @JsonProperty @NotNull private String trustedProxies = "";

  @JsonProperty @NotNull private Duration receiveWithin = Duration.seconds(10);

  @JsonProperty @NotNull @Valid private LivePart live = new LivePart(5_000, Duration.seconds(10));

  @JsonProperty private boolean joinBeforeLive;

  @JsonProperty @NotNull @Valid private IvsPart ivs = new IvsPart("", "", "");

  @JsonProperty @NotNull @Valid private AccountPart account = new AccountPart("ivs:account:", 50);

  @JsonProperty private int stageCapacity = 50;

  @JsonProperty private int maxStages = 20;

  @JsonProperty @NotNull @Valid
  private HeartbeatPart heartbeat = new HeartbeatPart(Duration.seconds(20), Duration.seconds(60));

  @JsonProperty @NotNull @Valid
  private TokenPart token =
      new TokenPart(
          "api",
          "",
          "",
          Duration.hours(12),
          Duration.hours(12),
          "pseudonym",
          "https://global.whip.live-video.net");

  String mode() {
    return mode;
  }

  RedisPart redis() {
    return redis;
  }

  BroadcastPart broadcast() {
    return broadcast;
  }

  Secret apiKeys() {
    return apiKeys;
  }

  String apiKeysFile() {
    return apiKeysFile;
  }

  Secret seatSecrets() {
    return seatSecrets;
  }

  String seatSecretsFile() {
    return seatSecretsFile;
  }

  Secret internalSecret() {
    return internalSecret;
  }

  String corsOrigins() {
    return corsOrigins;
  }

  String rateLimits() {
    return rateLimits;
  }

  String trustedProxies() {
    return trustedProxies;
  }

  Duration receiveWithin() {
    return receiveWithin;
  }

  LivePart live() {
    return live;
  }

  boolean joinBeforeLive() {
    return joinBeforeLive;
  }

  IvsPart ivs() {
    return ivs;
  }

  AccountPart account() {
    return account;
  }

  int stageCapacity() {
    return stageCapacity;
  }

  int maxStages() {
    return maxStages;
  }

  HeartbeatPart heartbeat() {
    return heartbeat;
  }

  TokenPart token() {
    return token;
  }
}
