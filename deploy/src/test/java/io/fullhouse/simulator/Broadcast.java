package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.services.ivsrealtime.model.Event;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantReplica;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;

/** A publisher on a source stage, a stage to carry it to, and the calls about both. */
final class Broadcast {
  private final TestSimulator sim;
  private final Clients clients;
  final String source;
  final String destination;
  final String publisher;

  Broadcast(TestSimulator sim, Clients clients) {
    this.sim = sim;
    this.clients = clients;
    source = clients.stage();
    destination = clients.stage();
    publisher = clients.publisher(source);
  }

  void start(String to, int windowSeconds) {
    start(publisher, to, windowSeconds);
  }

  void start(String id, String to, int windowSeconds) {
    sim.ivs()
        .startParticipantReplication(
            r ->
                r.sourceStageArn(source)
                    .destinationStageArn(to)
                    .participantId(id)
                    .reconnectWindowSeconds(windowSeconds));
  }

  void stop(String to) {
    stopOf(publisher, to);
  }

  void stopOf(String id, String to) {
    sim.ivs()
        .stopParticipantReplication(
            r -> r.sourceStageArn(source).destinationStageArn(to).participantId(id));
  }

  List<ParticipantReplica> replicas() {
    return sim.ivs()
        .listParticipantReplicas(r -> r.sourceStageArn(source).participantId(publisher))
        .replicas();
  }

  List<ParticipantSummary> participants(String stage) {
    return sim.ivs()
        .listParticipants(r -> r.stageArn(stage).sessionId(clients.activeSession(stage)))
        .participants();
  }

  List<Event> events(String stage) {
    return sim.ivs()
        .listParticipantEvents(
            r -> r.stageArn(stage).sessionId(clients.activeSession(stage)).participantId(publisher))
        .events();
  }

  int publishing(String stage) {
    return sim.look("/stages?participants=none&stage=" + stage).at("/stages/0/publishing").asInt();
  }

  static int status(ThrowingCallable call) {
    return catchThrowableOfType(IvsRealTimeException.class, call).statusCode();
  }
}
