package io.fullhouse.simulator;

import java.util.Optional;

/**
 * A client with a token, on a stage or gone from it: the network's side of a participant. Guarded
 * by {@link Turns}.
 */
final class Guest {
  private final Pass pass;
  private Optional<Participant> participant = Optional.empty();
  private Optional<Timers.Timer> patience = Optional.empty();
  private boolean publishAgain;

  Guest(Pass pass) {
    this.pass = pass;
  }

  Pass pass() {
    return pass;
  }

  String id() {
    return pass.participantId();
  }

  /** Its place in the active session; empty when it outlived the session it was in. */
  Optional<Participant> participant() {
    return participant;
  }

  void takePlace(Participant place) {
    participant = Optional.of(place);
  }

  void outliveSession() {
    participant = Optional.empty();
  }

  boolean isPublishing() {
    return participant.filter(Participant::isPublishing).isPresent();
  }

  /** Whether its connection broke and IVS has not noticed. */
  boolean isVanished() {
    return patience.isPresent();
  }

  /**
   * @param until cancels or is the moment IVS notices
   */
  void vanish(Timers.Timer until) {
    patience = Optional.of(until);
  }

  /** Ends the wait for it, if there is one. */
  Optional<Timers.Timer> stopWaiting() {
    Optional<Timers.Timer> timer = patience;
    patience = Optional.empty();
    return timer;
  }

  /** Whether it goes on publishing when it reconnects, as it did not stop of its own will. */
  boolean publishesAgain() {
    return publishAgain;
  }

  void publishAgain(boolean again) {
    publishAgain = again;
  }
}
