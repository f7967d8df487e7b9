package io.fullhouse.gateway;

import io.fullhouse.gateway.Admissions.Answer;
import io.fullhouse.gateway.Admissions.Refusal;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent.Heartbeat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A heartbeat: one event, and the look whether its viewer still is where it says. Thread-safe.
 *
 * <p>All go to Redis in one trip. Only a viewer who is not found there is a matter for the seat
 * script: joining still, superseded, banned, or lost with its data and to be healed.
 */
final class Heartbeats {
  private final EventLog log;
  private final StoredPresences presences;
  private final StatsReader stats;
  private final KnownStages stages;
  private final Admissions admissions;
  private final Refreshes refreshes;
  private final Moves moves;
  private final GatewayMetrics metrics;

  Heartbeats(
      EventLog log,
      StoredPresences presences,
      StatsReader stats,
      KnownStages stages,
      Admissions admissions,
      Refreshes refreshes,
      Moves moves,
      GatewayMetrics metrics) {
    this.log = log;
    this.presences = presences;
    this.stats = stats;
    this.stages = stages;
    this.admissions = admissions;
    this.refreshes = refreshes;
    this.moves = moves;
    this.metrics = metrics;
  }

  /**
   * @param updated whether the viewer counts as heard
   * @param seat the viewer's new one, if there is one
   */
  record Beat(boolean updated, Counts counts, Next next, Optional<Seat> seat) {
    Beat(boolean updated, Counts counts, Next next) {
      this(updated, counts, next, Optional.empty());
    }
  }

  CompletionStage<Beat> bySeat(Seat seat, String requestId) {
    CompletionStage<StatsSnapshot> snapshot = stats.recent();
    return appendAndLook(seat.stage(), seat.user(), seat.presence(), requestId)
        .thenCombine(
            snapshot,
            (found, now) ->
                (found ? stays(seat, now, requestId) : heal(seat, now, requestId))
                    .thenApply(beat -> endsWith(now, beat)))
        .thenCompose(beat -> beat)
        .thenCompose(
            beat -> goesOn(beat) ? aged(seat, beat) : CompletableFuture.completedStage(beat));
  }

  /** Unless its stage drains, or is gone. */
  private CompletionStage<Beat> stays(Seat seat, StatsSnapshot now, String requestId) {
    CompletionStage<Beat> beat = present(now, seat.stage());
    if (Moves.gone(now, seat.stage())) {
      return beat.thenApply(here -> rejoins(here, "stage-deleted"));
    }
    return Moves.leaving(now, seat.stage()) && !now.ended()
        ? beat.thenCombine(moves.offer(seat, requestId), Heartbeats::move)
        : beat;
  }

  /** When the broadcast is over nobody goes anywhere else any more. */
  private static Beat endsWith(StatsSnapshot now, Beat beat) {
    return now.ended() && !(beat.next() instanceof Next.Stop)
        ? new Beat(beat.updated(), beat.counts(), Next.Stop.ENDED)
        : beat;
  }

  private static Beat move(Beat beat, Optional<Next.Move> offer) {
    return offer.<Beat>map(next -> new Beat(beat.updated(), beat.counts(), next)).orElse(beat);
  }

  /** What time does to a viewer who may stay. */
  private CompletionStage<Beat> aged(Seat seat, Beat beat) {
    if (refreshes.connectionIsOld(seat)) {
      return CompletableFuture.completedStage(rejoins(beat, "connection-age"));
    }
    return refreshes
        .offer(seat)
        .thenApply(found -> found.map(later -> refresh(beat, later)).orElse(beat));
  }

  private static Beat refresh(Beat beat, Refreshes.Refreshed later) {
    String end = Timestamps.of(later.token().expiresAt());
    return new Beat(
        beat.updated(),
        beat.counts(),
        new Next.Refresh(later.token().text(), end),
        Optional.of(later.seat()));
  }

  CompletionStage<Beat> byKey(Claim.ByKey claim, String requestId) {
    return stages
        .require(claim.stage())
        .thenCompose(
            now ->
                appendAndLook(claim.stage(), claim.user(), claim.presence(), requestId)
                    .thenCompose(
                        found ->
                            found
                                ? present(now, claim.stage())
                                    .thenApply(beat -> withoutSeat(beat, now, claim.stage()))
                                : find(claim, now, requestId))
                    .thenApply(beat -> endsWith(now, beat)));
  }

  /** Nothing proves to IVS or to us who moves: the application's own backend has it join again. */
  private static Beat withoutSeat(Beat beat, StatsSnapshot now, StageArn stage) {
    if (Moves.gone(now, stage)) {
      return rejoins(beat, "stage-deleted");
    }
    return Moves.leaving(now, stage) ? rejoins(beat, "stage-draining") : beat;
  }

  private static Beat rejoins(Beat beat, String reason) {
    return new Beat(beat.updated(), beat.counts(), Next.Rejoin.because(reason));
  }

  /** One trip: all commands are sent before any is answered. */
  private CompletionStage<Boolean> appendAndLook(
      StageArn stage, UserId user, PresenceId presence, String requestId) {
    var appended = log.append(new Heartbeat(stage, user, presence), requestId);
    var stored = presences.find(stage, user);
    var banned = presences.isBanned(user);
    return appended
        .thenCombine(
            stored, (entry, present) -> present.filter(p -> presence.matches(p, true)).isPresent())
        .thenCombine(banned, (found, out) -> found && !out);
  }

  private CompletionStage<Beat> present(StatsSnapshot now, StageArn stage) {
    metrics.heartbeatOk();
    // The snapshot may be a moment older than the viewer, who counts.
    Counts counts = now.counts(stage).atLeastOne();
    return CompletableFuture.completedStage(new Beat(true, counts, new Next.Continue()));
  }

  private CompletionStage<Beat> heal(Seat seat, StatsSnapshot now, String requestId) {
    metrics.heartbeatSlow();
    return admissions
        .ask(SeatAsk.heal(seat, requestId))
        .thenApply(answer -> healed(seat, now, answer));
  }

  private Beat healed(Seat seat, StatsSnapshot now, Answer answer) {
    if (answer instanceof Answer.Taken taken) {
      metrics.healed();
      return new Beat(true, taken.counts(), new Next.Continue());
    } else if (answer instanceof Answer.Here here) {
      // The same admission lives on another stage: this client never heard of its own rejoin.
      boolean moved = !here.stage().equals(seat.stage());
      return new Beat(
          true, here.counts(), moved ? Next.Rejoin.because("moved") : new Next.Continue());
    } else if (answer instanceof Answer.Refused refused) {
      return new Beat(false, now.counts(seat.stage()), nextOf(refused.refusal()));
    }
    throw new IllegalStateException("a heal cannot be answered " + answer);
  }

  private static Next nextOf(Refusal refusal) {
    return switch (refusal) {
      case SUPERSEDED -> Next.Stop.SUPERSEDED;
      case CLOSED -> Next.Stop.LEFT;
      case GONE -> Next.Rejoin.because("stage-deleted");
      case ENDED -> Next.Stop.ENDED;
      case BANNED -> Next.Stop.BANNED;
      case KICKED -> Next.Stop.KICKED;
      case CUT -> Next.Rejoin.because("disconnected");
      case UNKNOWN, FULL, OFFLINE, RECOVERING, SHUT -> Next.Rejoin.because("seat-lost");
    };
  }

  private CompletionStage<Beat> find(Claim.ByKey claim, StatsSnapshot now, String requestId) {
    metrics.heartbeatSlow();
    return admissions
        .ask(SeatAsk.find(claim, requestId))
        .thenApply(answer -> found(claim, now, answer));
  }

  private static Beat found(Claim.ByKey claim, StatsSnapshot now, Answer answer) {
    if (answer instanceof Answer.Here here) {
      return new Beat(true, here.counts(), new Next.Continue());
    } else if (answer instanceof Answer.Refused refused
        && (refused.refusal() == Refusal.SUPERSEDED || refused.refusal() == Refusal.BANNED)) {
      return new Beat(false, now.counts(claim.stage()), nextOf(refused.refusal()));
    }
    throw ApiException.of(ErrorCode.NOT_FOUND, Phrase.NO_SUCH_VIEWER);
  }

  private static boolean goesOn(Beat beat) {
    return beat.next() instanceof Next.Continue;
  }
}
