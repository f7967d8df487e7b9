package io.fullhouse.gateway.ivs;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Where participant tokens come from. */
public interface ParticipantTokens extends AutoCloseable {
  /** What a token allows. */
  enum Capability {
    PUBLISH,
    SUBSCRIBE
  }

  /**
   * What is asked for.
   *
   * @param capabilities at least one
   * @param life of the token
   * @param attributes shown to every participant of the stage
   * @param participant whom the token is for, where that is ours to say; empty for a new one
   */
  record Wish(
      StageArn stage,
      UserId user,
      Set<Capability> capabilities,
      Duration life,
      Map<String, String> attributes,
      Optional<ParticipantId> participant) {
    public Wish {
      capabilities = Collections.unmodifiableSet(EnumSet.copyOf(capabilities));
    }
  }

  /**
   * What the participant joins with.
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

  /**
   * Before a seat is taken without a token: the participant that its token will be made for. Fails
   * when no token could be made now. Empty where IVS chooses: the token must come first.
   */
  CompletionStage<Optional<ParticipantId>> choose();

  /**
   * A later token for somebody whose own still serves. Empty when it would cost those who have
   * none.
   */
  CompletionStage<Optional<Token>> refresh(Wish wish);

  @Override
  void close();

  /** Shorter than a seat is held for it, so that the seat is still there when the token comes. */
  Duration BOUND = Duration.ofSeconds(8);
}
