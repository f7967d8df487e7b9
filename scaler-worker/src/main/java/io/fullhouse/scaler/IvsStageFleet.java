package io.fullhouse.scaler;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.scaler.IvsAnswer.Kind;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ivsrealtime.model.ListParticipantReplicasResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ListStagesResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantReplica;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationState;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;
import software.amazon.awssdk.services.ivsrealtime.model.StageEndpoints;
import software.amazon.awssdk.services.ivsrealtime.model.StageSummary;

/** {@link StageFleet} through the AWS SDK. Thread-safe. */
final class IvsStageFleet implements StageFleet {
  /** A publisher who is back within it is back on every stage by itself; IVS allows 300. */
  private static final int RECONNECT_WINDOW_SECONDS = 120;

  private static final int STAGES_A_PAGE = 100;
  private static final int REPLICAS_A_PAGE = 50;

  private final IvsCalls ivs;
  private final InstantSource time;

  /**
   * @param ivs closed together with this
   */
  IvsStageFleet(IvsCalls ivs, InstantSource time) {
    this.ivs = ivs;
    this.time = time;
  }

  @Override
  public Lookup find(StageArn stage) {
    IvsAnswer<Optional<Stage>> answer =
        ivs.call(client -> Optional.ofNullable(client.getStage(r -> r.arn(stage.value())).stage()));
    if (answer instanceof IvsAnswer.Done<Optional<Stage>> done) {
      return done.value()
          .<Lookup>map(
              found -> new Lookup.Found(IvsCalls.text(found.name()), endpoints(found.endpoints())))
          .orElse(new Lookup.Unavailable("GetStage answered without a stage"));
    }
    return answer.is(Kind.NOT_FOUND)
        ? new Lookup.Missing(answer.reason())
        : new Lookup.Unavailable(answer.reason());
  }

  @Override
  public IvsAnswer<Made> create(String name, Map<String, String> tags) {
    return ivs.callOnce(
        client -> {
          Stage made = client.createStage(request -> request.name(name).tags(tags)).stage();
          if (made == null) {
            throw new IllegalArgumentException("CreateStage answered without a stage");
          }
          return new Made(new StageArn(IvsCalls.text(made.arn())), endpoints(made.endpoints()));
        });
  }

  @Override
  public IvsAnswer<Boolean> rename(StageArn stage, String name) {
    return ivs.call(
        client -> {
          client.updateStage(request -> request.arn(stage.value()).name(name));
          return true;
        });
  }

  @Override
  public IvsAnswer<Boolean> delete(StageArn stage) {
    return ivs.call(
        client -> {
          client.deleteStage(request -> request.arn(stage.value()));
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
          ivs.call(client -> client.listStages(r -> r.maxResults(STAGES_A_PAGE).nextToken(token)));
      if (!(page instanceof IvsAnswer.Done<ListStagesResponse> done)) {
        return new IvsAnswer.Unclear<>(page.reason());
      }
      for (StageSummary stage : done.value().stages()) {
        if (StageArn.isValid(IvsCalls.text(stage.arn()))) {
          all.add(
              new Listed(
                  new StageArn(stage.arn()),
                  IvsCalls.text(stage.name()),
                  Map.copyOf(stage.tags())));
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
          ivs.call(
              client ->
                  client.listParticipantReplicas(
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
            && StageArn.isValid(IvsCalls.text(replica.destinationStageArn()))) {
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
    return ivs.call(
        client -> {
          client.startParticipantReplication(
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
    return ivs.call(
        client -> {
          client.stopParticipantReplication(
              request ->
                  request
                      .sourceStageArn(source.value())
                      .participantId(participant.value())
                      .destinationStageArn(destination.value()));
          return true;
        });
  }

  private Optional<Endpoints> endpoints(@Nullable StageEndpoints endpoints) {
    if (endpoints == null || endpoints.events() == null || endpoints.whip() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Endpoints(
            endpoints.events(), endpoints.whip(), time.instant().truncatedTo(ChronoUnit.MILLIS)));
  }

  @Override
  public void close() {
    ivs.close();
  }
}
