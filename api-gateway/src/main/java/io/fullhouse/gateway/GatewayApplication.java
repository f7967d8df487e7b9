package io.fullhouse.gateway;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.fullhouse.gateway.auth.KeyGuard;
import io.fullhouse.gateway.auth.SeatOffice;
import io.fullhouse.gateway.auth.Tickets;
import io.fullhouse.gateway.http.BroadcastPathFilter;
import io.fullhouse.gateway.http.CorsFilter;
import io.fullhouse.gateway.ivs.BudgetedTokens;
import io.fullhouse.gateway.ivs.IvsClients;
import io.fullhouse.gateway.ivs.IvsParticipantTokens;
import io.fullhouse.gateway.ivs.IvsUserIds;
import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.SelfSignedTokens;
import io.fullhouse.gateway.key.TokenKeyCommand;
import io.fullhouse.gateway.limit.RequestLimits;
import io.fullhouse.gateway.limit.SharedBuckets;
import io.fullhouse.gateway.live.Hub;
import io.fullhouse.gateway.live.LiveMetrics;
import io.fullhouse.gateway.web.ClientResource;
import io.fullhouse.gateway.web.DemoResource;
import io.fullhouse.gateway.web.DocsResource;
import io.fullhouse.gateway.web.OpenApiResource;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import java.time.Duration;
import java.time.InstantSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * The gateway's process: starts with {@code server deploy/config/gateway.yml}. All wiring is here.
 */
public final class GatewayApplication extends Application<GatewayConfiguration> {
  private final InstantSource time;

  public GatewayApplication() {
    this(InstantSource.system());
  }

  /**
   * @param time what seats and answers are dated by
   */
  public GatewayApplication(InstantSource time) {
    this.time = time;
  }

  private static ParticipantTokens tokensOfIvs(
      GatewaySettings settings,
      IvsUserIds userIds,
      GatewayRedis redis,
      GatewayMetrics metrics,
      Environment environment) {
    CallBudget budget = settings.tokenBudget();
    Runnable throttled =
        () -> {
          metrics.tokenThrottled();
          redis.call(budget::pause);
        };
    return new BudgetedTokens(
        patience -> redis.call(c -> budget.reserve(c, 1, patience)),
        new IvsParticipantTokens(
            IvsClients.create(settings.awsRegion(), credentials(settings.mode()), throttled),
            userIds,
            environment.metrics()));
  }

  private static AwsCredentialsProvider credentials(GatewaySettings.Mode mode) {
    return switch (mode) {
      case PRODUCTION -> IvsClients.credentials();
      case DEVELOPMENT -> IvsClients.developmentCredentials();
    };
  }

  public static void main(String[] arguments) throws Exception {
    new GatewayApplication().run(arguments);
  }

  @Override
  public String getName() {
    return "api-gateway";
  }

  @Override
  public void initialize(Bootstrap<GatewayConfiguration> bootstrap) {
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(), EnvironmentVariables.substitutor()));
  }

  @Override
  protected void addDefaultCommands(Bootstrap<GatewayConfiguration> bootstrap) {
    bootstrap.addCommand(new GatewayCommand(this));
    bootstrap.addCommand(new TokenKeyCommand(System.out));
  }

  @Override
  public void run(GatewayConfiguration configuration, Environment environment) {
    GatewaySettings settings = GatewaySettings.of(configuration);
    Duration viewerTokenLife = settings.viewerTokenLife();
    GatewayMetrics metrics = new GatewayMetrics(environment.metrics());
    HttpLayer http = new HttpLayer(environment, configuration, settings, time);

    GatewayRedis redis =
        new GatewayRedis(Redis.create(settings.redis()), RedisKeys.of(settings.broadcast()));
    EventLog log = new EventLog(redis);
    StatsReader stats = new StatsReader(redis);
    new StatsGauges(stats, System::nanoTime).register(environment.metrics());
    KnownStages stages = new KnownStages(stats);
    Admissions admissions = new Admissions(redis, settings.capacity());

    IvsUserIds userIds =
        new IvsUserIds(settings.userIds(), settings.broadcast().id(), settings.seatSecrets());
    ParticipantTokens tokens =
        settings
            .tokenSigner()
            .<ParticipantTokens>map(
                signer ->
                    new SelfSignedTokens(
                        signer,
                        userIds,
                        new KnownEndpoints(stats, time),
                        time,
                        environment.metrics()))
            .orElseGet(() -> tokensOfIvs(settings, userIds, redis, metrics, environment));

    SeatOffice office =
        new SeatOffice(settings.seatSecrets(), settings.broadcast().id(), viewerTokenLife, time);
    KeyGuard keys = new KeyGuard(settings.apiKeys());
    RequestLimits limits =
        new RequestLimits(
            settings.rateLimits(),
            new SharedBuckets(redis::binary, time, GatewayRedis.BOUND),
            redis.keys(),
            settings.heartbeatInterval(),
            environment.metrics(),
            System::nanoTime);
    JoinAnswers joinAnswers =
        new JoinAnswers(office, settings.broadcast().id(), settings.heartbeatInterval(), time);
    Usher usher = new Usher(admissions, tokens, log, viewerTokenLife, metrics);
    Ages ages = new Ages(viewerTokenLife, time);
    Joins joins = new Joins(usher, joinAnswers, ages, settings.joinBeforeLive());
    Duration offerHold = // an offered place outlives a lost heartbeat
        settings.heartbeatInterval().multipliedBy(2).plus(Admissions.HOLD);
    Heartbeats heartbeats =
        new Heartbeats(
            log,
            new StoredPresences(redis),
            stats,
            stages,
            admissions,
            new Refreshes(tokens, ages),
            new Moves(admissions, tokens, office, viewerTokenLife, offerHold, time),
            metrics);
    Publishers publishers =
        new Publishers(tokens, log, settings.masterStage(), settings.publisherTokenLife());
    FleetReader fleet = new FleetReader(redis, stats, settings.capacity());
    StageCommands commands = new StageCommands(redis);
    OperatorDesk desk = new OperatorDesk(redis);
    Health health = new Health(redis, stats, settings);

    StatsAnswers statsAnswers =
        new StatsAnswers(new StageAnswers(settings.capacity()), settings.broadcast().id(), time);
    Hub hub =
        new Hub(
            new RedisFeed(redis, stats, statsAnswers, environment.getObjectMapper()),
            settings.watchers(),
            new LiveMetrics(environment.metrics()),
            System::nanoTime);
    Tickets tickets = new Tickets(new RedisTickets(redis));
    LiveDoor door = new LiveDoor(hub, tickets, stats, settings.watcherTakes(), http.threads());

    Claims claims = new Claims(keys, office, limits, settings.proxies());
    Answering answering = new Answering(time, http.threads());
    CorsFilter cors = new CorsFilter(settings.origins());
    http.serve(
        keys,
        limits,
        cors,
        new BroadcastPathFilter(settings.broadcast().id()),
        new TokenResource(
            limits,
            joins,
            publishers,
            new PublisherAll(publishers, stats, settings.maxStages()),
            settings.whipEndpoint(),
            time,
            answering),
        new ViewerResource(
            claims,
            limits,
            heartbeats,
            new Leaves(log, stages, metrics),
            joins,
            office,
            settings.heartbeatInterval(),
            answering),
        new MediaServerResource(
            settings.internalSecret(), stages, tokens, settings.publisherTokenLife(), answering),
        new PublisherResource(publishers, answering),
        new IvsEventResource(new IvsEvents(log, settings.masterStage()), log, answering),
        new StageResource(fleet, commands, settings.masterStage(), answering),
        new ReplicationResource(fleet, commands, answering),
        new ScalerResource(desk, answering),
        new DoorsResource(desk, time, answering),
        new ModerationResource(new Moderation(redis, userIds, viewerTokenLife), answering),
        new PeopleResource(new People(redis), new WatchHistory(redis), answering),
        new BroadcastResource(desk, publishers, answering),
        new StatsResource(stats, statsAnswers, answering),
        new StatsStreamResource(door, cors),
        new SocketResource(door, http::sockets, time, environment.getObjectMapper()),
        new TicketResource(claims, limits, tickets, time, answering),
        new HealthResource(health, answering),
        new ClientResource(),
        new OpenApiResource(Health.version()),
        new DocsResource());
    if (settings.mode() == GatewaySettings.Mode.DEVELOPMENT) {
      environment.jersey().register(new DemoResource(settings.ivsEndpoint()));
    }
    environment.healthChecks().register("redis", new RedisHealthCheck(redis));

    // Stopped in the opposite order, and all of it after the listener: the bye is the last word.
    environment.lifecycle().manage(settings.apiKeys());
    environment.lifecycle().manage(settings.seatSecrets());
    environment.lifecycle().manage(redis);
    environment.lifecycle().manage(new ClosedAtStop(hub));
    http.beforeStop(hub::sendAway);
    environment.lifecycle().manage(new ClosedAtStop(tokens));
    environment.lifecycle().manage(new Ticker(log, http::ownAddress, metrics));
  }
}
