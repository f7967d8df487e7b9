package io.fullhouse.gateway;

import io.fullhouse.gateway.GatewayConfiguration.AccountPart;
import io.fullhouse.gateway.GatewayConfiguration.HeartbeatPart;
import io.fullhouse.gateway.GatewayConfiguration.TokenPart;
import io.fullhouse.gateway.auth.ApiKeys;
import io.fullhouse.gateway.auth.InternalSecret;
import io.fullhouse.gateway.auth.Rotating;
import io.fullhouse.gateway.auth.SeatSecrets;
import io.fullhouse.gateway.ivs.IvsUserIds;
import io.fullhouse.gateway.ivs.TokenSigner;
import io.fullhouse.gateway.limit.RateLimits;
import io.fullhouse.gateway.limit.TrustedProxies;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.AccountKeys;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.RedisSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The settings, checked and typed. Immutable.
 *
 * @param origins pages that may use an API key
 * @param proxies whose word is taken for where a request comes from
 * @param ivsEndpoint where IVS is simulated, for those who look at the demo page
 * @param receiveWithin for one request, headers and body
 * @param watchers at once
 * @param watcherTakes whoever watches and takes nothing for so long is let go
 * @param capacity seats a stage
 * @param maxStages of the broadcast
 * @param tokenSigner empty where IVS makes the tokens
 */
record GatewaySettings(
    Mode mode,
    Broadcast broadcast,
    RedisSettings redis,
    Rotating<ApiKeys> apiKeys,
    Rotating<SeatSecrets> seatSecrets,
    InternalSecret internalSecret,
    Set<String> origins,
    RateLimits rateLimits,
    TrustedProxies proxies,
    Duration receiveWithin,
    int watchers,
    Duration watcherTakes,
    boolean joinBeforeLive,
    StageArn masterStage,
    Optional<URI> ivsEndpoint,
    CallBudget tokenBudget,
    int capacity,
    int maxStages,
    Duration heartbeatInterval,
    Duration viewerTokenLife,
    Duration publisherTokenLife,
    Optional<TokenSigner> tokenSigner,
    IvsUserIds.Mode userIds,
    String whipEndpoint,
    String awsRegion) {

  /** IVS Real-Time API reference, CreateParticipantToken: 1 to 20,160 minutes. */
  private static final Duration MAX_TOKEN_LIFE = Duration.ofDays(14);

  /** More subscribers than AWS sells for one stage. */
  private static final int MAX_CAPACITY = 25_000;

  /** AWS gives 50 and does not raise it; beyond this it is a typing error. */
  private static final int MAX_TOKEN_RATE = 10_000;

  private enum TokenMode {
    API,
    SELF_SIGNED
  }

  /** How careful the start is. */
  enum Mode {
    PRODUCTION,
    /** Without {@code API_KEYS}, {@code dev-key} is one. */
    DEVELOPMENT
  }

  /**
   * @throws IllegalArgumentException with one line for the operator; never shows a secret
   */
  static GatewaySettings of(GatewayConfiguration configured) {
    Mode mode = oneOf(Mode.class, "FULLHOUSE_MODE", configured.mode());
    Broadcast broadcast =
        new Broadcast(
            new BroadcastId(configured.broadcast().id()), configured.broadcast().keyPrefix());
    StageArn master = master(configured.ivs().masterStageArn());
    Duration interval = heartbeatInterval(configured.heartbeat());
    return new GatewaySettings(
        mode,
        broadcast,
        RedisSettings.parse(
            configured.redis().url(), configured.redis().password().value(), broadcast),
        SecretSettings.apiKeys(configured, mode),
        SecretSettings.seatSecrets(configured),
        SecretSettings.internal(configured),
        origins(configured.corsOrigins()),
        RateLimits.parse(configured.rateLimits(), interval),
        TrustedProxies.parse(configured.trustedProxies()),
        atLeastOneSecond("RECEIVE_WITHIN", configured.receiveWithin()),
        watchers(configured.live().watchers()),
        atLeastOneSecond("LIVE_TAKES_WITHIN", configured.live().takesWithin()),
        configured.joinBeforeLive(),
        master,
        endpoint(configured.ivs().endpoint()),
        tokenBudget(configured.account(), master),
        capacity(configured.stageCapacity()),
        maxStages(configured.maxStages()),
        interval,
        tokenLife("VIEWER_TOKEN_TTL", configured.token().viewerLife()),
        tokenLife("PUBLISHER_TOKEN_TTL", configured.token().publisherLife()),
        tokenSigner(configured.token(), master),
        oneOf(IvsUserIds.Mode.class, "IVS_USER_ID", configured.token().userId()),
        configured.token().whipEndpoint(),
        region(master, configured.ivs().region()));
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String setting, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> wireName(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    setting
                        + " must be one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(GatewaySettings::wireName)
                            .toList()
                        + ", not '"
                        + text
                        + "'"));
  }

  static String wireName(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static StageArn master(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("MASTER_STAGE_ARN is not set");
    }
    if (!StageArn.isValid(text)) {
      throw new IllegalArgumentException(
          "MASTER_STAGE_ARN is not the ARN of an IVS stage: '" + text + "'");
    }
    return new StageArn(text);
  }

  private static Optional<URI> endpoint(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    if (!text.matches("https?://[A-Za-z0-9.\\[\\]:-]+(/\\S*)?")) {
      throw new IllegalArgumentException(
          "AWS_ENDPOINT_URL_IVS_REALTIME must look like http://host:port, not '" + text + "'");
    }
    return Optional.of(URI.create(text));
  }

  private static CallBudget tokenBudget(AccountPart configured, StageArn master) {
    double perSecond = configured.tokensPerSecond();
    if (!(perSecond >= 1 && perSecond <= MAX_TOKEN_RATE)) {
      throw new IllegalArgumentException(
          "IVS_TOKENS_PER_SECOND must be 1 to " + MAX_TOKEN_RATE + ", not " + perSecond);
    }
    // AWS's own bucket holds a second's calls: half of it leaves room for calls that bunch up.
    int burst = Math.max(1, (int) (perSecond / 2));
    String key = AccountKeys.of(configured.keyPrefix(), master).tokenBudget();
    return new CallBudget(key, perSecond, burst);
  }

  private static Set<String> origins(String text) {
    Set<String> origins = new LinkedHashSet<>();
    for (String origin : text.split(",", -1)) {
      if (origin.isBlank()) {
        continue;
      }
      if (!origin.trim().matches("\\*|https?://[^/\\s*]+")) {
        throw new IllegalArgumentException(
            "CORS_ORIGINS must list origins such as https://example.org, or *, not '"
                + origin.trim()
                + "'");
      }
      origins.add(origin.trim());
    }
    return Set.copyOf(origins);
  }

  private static Duration atLeastOneSecond(String setting, io.dropwizard.util.Duration configured) {
    Duration bound = configured.toJavaDuration();
    if (bound.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(setting + " must be at least 1s");
    }
    return bound;
  }

  private static int watchers(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("LIVE_WATCHERS must not be negative, but is " + most);
    }
    return most;
  }

  private static int maxStages(int stages) {
    if (stages < 1) {
      throw new IllegalArgumentException("MAX_STAGES must be at least 1, not " + stages);
    }
    return stages;
  }

  private static int capacity(int seats) {
    if (seats < 1 || seats > MAX_CAPACITY) {
      throw new IllegalArgumentException("STAGE_CAPACITY must be 1 to " + MAX_CAPACITY + " seats");
    }
    return seats;
  }

  private static Duration heartbeatInterval(HeartbeatPart configured) {
    Duration interval = configured.interval().toJavaDuration();
    if (interval.toSeconds() < 1 || !interval.equals(Duration.ofSeconds(interval.toSeconds()))) {
      throw new IllegalArgumentException("HEARTBEAT_INTERVAL must be whole seconds, at least 1");
    }
    // A viewer may lose one beat without being taken for gone.
    if (configured.timeout().toJavaDuration().compareTo(interval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "HEARTBEAT_TIMEOUT must be at least twice HEARTBEAT_INTERVAL");
    }
    return interval;
  }

  private static Duration tokenLife(String setting, io.dropwizard.util.Duration configured) {
    Duration life = configured.toJavaDuration();
    if (life.toMinutes() < 1
        || life.compareTo(MAX_TOKEN_LIFE) > 0
        || !life.equals(Duration.ofMinutes(life.toMinutes()))) {
      throw new IllegalArgumentException(
          setting + " must be whole minutes, from 1 minute to 14 days");
    }
    return life;
  }

  private static Optional<TokenSigner> tokenSigner(TokenPart configured, StageArn master) {
    return switch (oneOf(TokenMode.class, "TOKEN_MODE", configured.mode())) {
      case API -> Optional.empty();
      case SELF_SIGNED -> Optional.of(TokenKeySetting.read(configured, master));
    };
  }

  /** The master stage's: a broadcast does not leave its region. */
  private static String region(StageArn master, String configured) {
    String region = master.region();
    if (!configured.isBlank() && !configured.equals(region)) {
      throw new IllegalArgumentException(
          "AWS_REGION is " + configured + ", but MASTER_STAGE_ARN is a stage in " + region);
    }
    return region;
  }
}
