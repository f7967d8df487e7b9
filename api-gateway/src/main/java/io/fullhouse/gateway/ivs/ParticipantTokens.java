package io.fullhouse.gateway.ivs;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where participant tokens come from. */
public interface ParticipantTokens {
  /** What a token allows. */
  enum Capability {
    PUBLISH,
    SUBSCRIBE
  }

  /**
   * What is asked for.
   *
   * @param life of the token
   * @param attributes shown to every participant of the stage
   */
  record Wish(
      StageArn stage,
      UserId user,
      Capability capability,
      Duration life,
      Map<String, String> attributes) {}

  /**
   * What IVS gave.
   *
   * @param text the token itself: secret
   */
  record Token(String text, ParticipantId participant, Instant expiresAt) {
    @Override
    public String toString() {
      return "Token[" + participant + ", until " + expiresAt + "]";
    }
  }

  /**
   * A token for one participant. Ends within {@link #BOUND}, with an {@link
   * io.fullhouse.gateway.http.ApiException} when there is none.
   */
  CompletionStage<Token> create(Wish wish);

  /** Shorter than a seat is held for it, so that the seat is still there when the token comes. */
  Duration BOUND = Duration.ofSeconds(8);
}
