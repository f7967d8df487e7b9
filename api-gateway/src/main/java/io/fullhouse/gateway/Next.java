package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the client is to do now. Clients read an action they do not know as {@code continue}. */
@JsonInclude(Include.NON_NULL)
@JsonPropertyOrder({"action", "reason"})
sealed interface Next {
  /** The name on the wire. */
  @JsonGetter
  default String action() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Nothing. */
  record Continue() implements Next {}

  /** Keep this token for the next join or subscribe: the present one is near its end. */
  record Refresh(String token, String expiresAt) implements Next {
    @Override
    public String toString() {
      return "Refresh[until " + expiresAt + "]"; // a token is a secret
    }
  }

  /** Join this stage, then leave the old one. Repeated until the new participant is heard. */
  record Move(
      String reason,
      String stageArn,
      String token,
      String participantId,
      String expiresAt,
      String seat)
      implements Next {}

  /** Ask for a place again, with this seat. */
  record Rejoin(String reason, @Nullable Integer retryAfterSeconds) implements Next {
    static Rejoin because(String reason) {
      return new Rejoin(reason, null);
    }
  }

  /** Leave, and do not come back by yourself. */
  record Stop(String reason) implements Next {
    static final Stop SUPERSEDED = new Stop("superseded");
    static final Stop ENDED = new Stop("ended");
    static final Stop LEFT = new Stop("left");
    static final Stop BANNED = new Stop("banned");
    static final Stop KICKED = new Stop("kicked");
  }
}
