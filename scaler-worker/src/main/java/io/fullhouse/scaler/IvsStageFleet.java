package io.fullhouse.scaler;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.scaler.IvsAnswer.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClientBuilder;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.ListParticipantReplicasResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ListParticipantsResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ListStagesResponse;
import software.amazon.awssdk.services.ivsrealtime.model.Participant;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantReplica;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantState;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationState;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationType;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;
import software.amazon.awssdk.services.ivsrealtime.model.StageEndpoints;
import software.amazon.awssdk.services.ivsrealtime.model.StageSummary;

/** {@link StageFleet} through the AWS SDK. AWS's exceptions end here. */
final class IvsStageFleet implements StageFleet, StageAudience {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 3;

  /** A publisher who is back within it is back on every stage by itself; IVS allows 300. */
  private static final int RECONNECT_WINDOW_SECONDS = 120;

  private static final int STAGES_A_PAGE = 100;
  private static final int PARTICIPANTS_A_PAGE = 100;
  private static final int REPLICAS_A_PAGE = 50;

  /**
   * How long an answer is waited for.
   *
   * @param attempt before the call is made again, where that is harmless
   * @param call in all
   */
  record Patience(Duration attempt, Duration call) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  private final IvsRealTimeClient ivs;
  private final IvsRealTimeClient once;
  private final Supplier<Optional<String>> gate;
  private final InstantSource time;

  private IvsStageFleet(
      IvsRealTimeClient ivs,
      IvsRealTimeClient once,
      Supplier<Optional<String>> gate,
      InstantSource time) {
    this.ivs = ivs;
    this.once = once;
    this.gate = gate;
    this.time = time;
  }

  /**
   * Makes the clients; calls nothing yet.
   *
   * @param endpoint null for the SDK's own choice, which follows AWS_ENDPOINT_URL_IVS_REALTIME
   * @param gate passed before each call; says why it must not be made
   */
  static IvsStageFleet create(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      Supplier<Optional<String>> gate,
      InstantSource time) {
    return create(region, credentials, endpoint, Patience.USUAL, gate, time);
  }

  /** The same with another patience. */
  static IvsStageFleet create(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      Patience patience,
      Supplier<Optional<String>> gate,
      InstantSource time) {
    Patience undivided = new Patience(patience.call(), patience.call());
    return new IvsStageFleet(
        client(region, credentials, endpoint, patience, ATTEMPTS),
        // The SDK repeats what was not answered, and each CreateStage may make a stage.
        client(region, credentials, endpoint, undivided, 1),
        gate,
        time);
  }

  private static IvsRealTimeClient client(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      Patience patience,
      int attempts) {
    IvsRealTimeClientBuilder builder =
        IvsRealTimeClient.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(patience.attempt()))
            .overrideConfiguration(
                override ->
                    override
                        .apiCallAttemptTimeout(patience.attempt())
                        .apiCallTimeout(patience.call())
                        .retryStrategy(retry -> retry.maxAttempts(attempts)));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  @Override
  public Lookup find(StageArn stage) {
    IvsAnswer<Optional<Stage>> answer =
        call(() -> Optional.ofNullable(ivs.getStage(r -> r.arn(stage.value())).stage()));
    if (answer instanceof IvsAnswer.Done<Optional<Stage>> done) {
      return done.value()
          .<Lookup>map(found -> new Lookup.Found(text(found.name()), endpoints(found.endpoints())))
          .orElse(new Lookup.Unavailable("GetStage answered without a stage"));
    }
    return answer.is(Kind.NOT_FOUND)
        ? new Lookup.Missing(answer.reason())
        : new Lookup.Unavailable(answer.reason());
  }

  @Override
  public IvsAnswer<Made> create(String name, Map<String, String> tags) {
    return call(
        () -> {
          Stage made = once.createStage(request -> request.name(name).tags(tags)).stage();
          if (made == null) {
            throw new IllegalArgumentException("CreateStage answered without a stage");
          }
          return new Made(new StageArn(text(made.arn())), endpoints(made.endpoints()));
        });
  }

  @Override
  public IvsAnswer<Boolean> rename(StageArn stage, String name) {
    return call(
        () -> {
          ivs.updateStage(request -> request.arn(stage.value()).name(name));
          return true;
        });
  }

  @Override
  public IvsAnswer<Boolean> delete(StageArn stage) {
    return call(
        () -> {
          ivs.deleteStage(request -> request.arn(stage.value()));
          return true;
        });
  }

  @Override
  public IvsAnswer<List<Listed>> list() {
    List<Listed> all = new ArrayList<>();
    String next = null;
    do {
      String token = next;
      IvsAnswer<ListStagesResponse> page =
          call(() -> ivs.listStages(r -> r.maxResults(STAGES_A_PAGE).nextToken(token)));
      if (!(page instanceof IvsAnswer.Done<ListStagesResponse> done)) {
        return new IvsAnswer.Unclear<>(page.reason());
      }
      for (StageSummary stage : done.value().stages()) {
        if (StageArn.isValid(text(stage.arn()))) {
          all.add(
              new Listed(new StageArn(stage.arn()), text(stage.name()), Map.copyOf(stage.tags())));
        }
      }
      next = done.value().nextToken();
    } while (next != null);
    return new IvsAnswer.Done<>(all);
  }

  @Override
  public IvsAnswer<Set<StageArn>> replicas(StageArn source, ParticipantId participant) {
    Set<StageArn> active = new HashSet<>();
    String next = null;
    do {
      String token = next;
      IvsAnswer<ListParticipantReplicasResponse> page =
          call(
              () ->
                  ivs.listParticipantReplicas(
                      r ->
                          r.sourceStageArn(source.value())
                              .participantId(participant.value())
                              .maxResults(REPLICAS_A_PAGE)
                              .nextToken(token)));
      if (!(page instanceof IvsAnswer.Done<ListParticipantReplicasResponse> done)) {
        return page.is(Kind.NOT_FOUND)
            ? new IvsAnswer.Done<>(Set.of())
            : new IvsAnswer.Unclear<>(page.reason());
      }
      for (ParticipantReplica replica : done.value().replicas()) {
        if (replica.replicationState() == ReplicationState.ACTIVE
            && StageArn.isValid(text(replica.destinationStageArn()))) {
          active.add(new StageArn(replica.destinationStageArn()));
        }
      }
      next = done.value().nextToken();
    } while (next != null);
    return new IvsAnswer.Done<>(active);
  }

  @Override
  public IvsAnswer<Boolean> replicate(
      StageArn source, ParticipantId participant, StageArn destination) {
    return call(
        () -> {
          ivs.startParticipantReplication(
              request ->
                  request
                      .sourceStageArn(source.value())
                      .participantId(participant.value())
                      .destinationStageArn(destination.value())
                      .reconnectWindowSeconds(RECONNECT_WINDOW_SECONDS));
          return true;
        });
  }

  @Override
  public IvsAnswer<Boolean> stopReplica(
      StageArn source, ParticipantId participant, StageArn destination) {
    return call(
        () -> {
          ivs.stopParticipantReplication(
              request ->
                  request
                      .sourceStageArn(source.value())
                      .participantId(participant.value())
                      .destinationStageArn(destination.value()));
          return true;
        });
  }

  @Override
  public IvsAnswer<String> session(StageArn stage) {
    return call(
        () -> {
          Stage found = ivs.getStage(request -> request.arn(stage.value())).stage();
          return found == null ? "" : text(found.activeSessionId());
        });
  }

  @Override
  public IvsAnswer<Page> connected(StageArn stage, String session, Optional<String> from) {
    return call(
        () -> {
          ListParticipantsResponse page =
              ivs.listParticipants(
                  request ->
                      request
                          .stageArn(stage.value())
                          .sessionId(session)
                          .filterByState(ParticipantState.CONNECTED)
                          .maxResults(PARTICIPANTS_A_PAGE)
                          .nextToken(from.orElse(null)));
          return new Page(
              page.participants().stream().map(this::connected).toList(),
              Optional.ofNullable(page.nextToken()));
        });
  }

  private Connected connected(ParticipantSummary summary) {
    return new Connected(
        text(summary.participantId()),
        text(summary.userId()),
        Optional.ofNullable(summary.firstJoinTime()).orElseGet(time::instant),
        Boolean.TRUE.equals(summary.published()),
        summary.replicationType() == ReplicationType.REPLICA);
  }

  @Override
  public IvsAnswer<Boolean> disconnect(StageArn stage, String participant, String reason) {
    return call(
        () -> {
          ivs.disconnectParticipant(
              request -> request.stageArn(stage.value()).participantId(participant).reason(reason));
          return true;
        });
  }

  @Override
  public IvsAnswer<String> userOf(StageArn stage, String session, String participant) {
    return call(
        () -> {
          Participant found =
              ivs.getParticipant(
                      request ->
                          request
                              .stageArn(stage.value())
                              .sessionId(session)
                              .participantId(participant))
                  .participant();
          return found == null ? "" : text(found.userId());
        });
  }

  private <T> IvsAnswer<T> call(Supplier<T> operation) {
    Optional<String> closed = gate.get();
    if (closed.isPresent()) {
      return new IvsAnswer.Unclear<>(closed.get());
    }
    try {
      return new IvsAnswer.Done<>(operation.get());
    } catch (ResourceNotFoundException e) {
      return new IvsAnswer.Refused<>(Kind.NOT_FOUND, IvsErrors.describe(e));
    } catch (ConflictException e) {
      return new IvsAnswer.Refused<>(Kind.CONFLICT, IvsErrors.describe(e));
    } catch (ServiceQuotaExceededException e) {
      return new IvsAnswer.Refused<>(Kind.QUOTA, IvsErrors.describe(e));
    } catch (AwsServiceException e) {
      return e.statusCode() >= 500 || e.isThrottlingException()
          ? new IvsAnswer.Unclear<>(IvsErrors.describe(e))
          : new IvsAnswer.Refused<>(Kind.OTHER, IvsErrors.describe(e));
    } catch (SdkException | IllegalArgumentException e) {
      // Also an answer that cannot be one: IVS may have done what it was asked all the same.
      return new IvsAnswer.Unclear<>(IvsErrors.describe(e));
    }
  }

  private Optional<Endpoints> endpoints(@Nullable StageEndpoints endpoints) {
    if (endpoints == null || endpoints.events() == null || endpoints.whip() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Endpoints(
            endpoints.events(), endpoints.whip(), time.instant().truncatedTo(ChronoUnit.MILLIS)));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public void close() {
    ivs.close();
    once.close();
  }
}
