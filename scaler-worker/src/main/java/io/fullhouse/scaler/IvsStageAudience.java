package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ivsrealtime.model.ListParticipantsResponse;
import software.amazon.awssdk.services.ivsrealtime.model.Participant;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantState;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationType;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;

/** {@link StageAudience} through the AWS SDK. Thread-safe. */
final class IvsStageAudience implements StageAudience {
  private static final int PARTICIPANTS_A_PAGE = 100;

  private final IvsCalls ivs;
  private final InstantSource time;

  IvsStageAudience(IvsCalls ivs, InstantSource time) {
    this.ivs = ivs;
    this.time = time;
  }

  @Override
  public IvsAnswer<String> session(StageArn stage) {
    return ivs.call(
        client -> {
          Stage found = client.getStage(request -> request.arn(stage.value())).stage();
          return found == null ? "" : IvsCalls.text(found.activeSessionId());
        });
  }

  @Override
  public IvsAnswer<Page> connected(StageArn stage, String session, Optional<String> from) {
    return ivs.call(
        client -> {
          ListParticipantsResponse page =
              client.listParticipants(
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

  @Override
  public IvsAnswer<List<String>> connectedAs(StageArn stage, String session, String user) {
    return ivs.call(
        client ->
            client
                .listParticipants(
                    request ->
                        request
                            .stageArn(stage.value())
                            .sessionId(session)
                            .filterByUserId(user) // the only filter that a call may have
                            .maxResults(PARTICIPANTS_A_PAGE))
                .participants()
                .stream()
                .filter(each -> each.state() == ParticipantState.CONNECTED)
                .map(this::connected)
                .filter(Connected::isViewer)
                .map(Connected::participant)
                .toList());
  }

  private Connected connected(ParticipantSummary summary) {
    return new Connected(
        IvsCalls.text(summary.participantId()),
        IvsCalls.text(summary.userId()),
        Optional.ofNullable(summary.firstJoinTime()).orElseGet(time::instant),
        Boolean.TRUE.equals(summary.published()),
        summary.replicationType() == ReplicationType.REPLICA);
  }

  @Override
  public IvsAnswer<Boolean> disconnect(StageArn stage, String participant, String reason) {
    return ivs.call(
        client -> {
          client.disconnectParticipant(
              request -> request.stageArn(stage.value()).participantId(participant).reason(reason));
          return true;
        });
  }

  @Override
  public IvsAnswer<String> userOf(StageArn stage, String session, String participant) {
    return ivs.call(
        client -> {
          Participant found =
              client
                  .getParticipant(
                      request ->
                          request
                              .stageArn(stage.value())
                              .sessionId(session)
                              .participantId(participant))
                  .participant();
          return found == null ? "" : IvsCalls.text(found.userId());
        });
  }
}
