package io.fullhouse.gateway;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Seats: {@code seat.lua} with types. The only caller of the scripts that take and release seats.
 * Thread-safe; every call is safe to repeat.
 */
final class Admissions {
  /** How long a seat is held while its token is fetched. */
  static final Duration HOLD = Duration.ofSeconds(10);

  private static final String REDIS_CLOCK = "";

  private final LuaScript seat = LuaScript.load(Admissions.class, "seat.lua");
  private final LuaScript release = LuaScript.load(Admissions.class, "release.lua");
  private final GatewayRedis redis;
  private final int capacity;

  /**
   * @param capacity seats a stage
   */
  Admissions(GatewayRedis redis, int capacity) {
    this.redis = redis;
    this.capacity = capacity;
  }

  /** What came of it. */
  sealed interface Answer {
    /** The join is in the log. */
    record Taken(StageArn stage, boolean isNew, Counts counts) implements Answer {}

    /** The seat is held: fetch a token for this stage. */
    record Held(StageArn stage, boolean isNew) implements Answer {}

    /** Heal: the viewer is present or joining, perhaps on another stage. */
    record Here(StageArn stage, Counts counts) implements Answer {}

    /**
     * No seat.
     *
     * @param detail what the script says of it, or empty
     */
    record Refused(Refusal refusal, Counts counts, String detail) implements Answer {}
  }

  /** Why there is no seat. */
  enum Refusal {
    /** Nobody, and nothing proves otherwise. */
    UNKNOWN,
    /** A newer admission of the same user goes on. */
    SUPERSEDED,
    /** This admission left not long ago. */
    CLOSED,
    /** No seat is free. */
    FULL,
    /** The stage asked for is not registered. */
    GONE,
    /** Nobody publishes. */
    OFFLINE,
    /** No stage is registered at all. */
    RECOVERING,
    /** An operator ended the broadcast. */
    ENDED,
    /** An operator closed the doors, and this user has no seat. */
    SHUT,
    /** A moderator banned this user. */
    BANNED,
    /** A moderator ended this admission, for good. */
    KICKED,
    /** Heal: the scaler disconnected this participant, whose token is dead. */
    CUT
  }

  CompletionStage<Answer> ask(SeatAsk ask) {
    return hold(ask, HOLD);
  }

  /** The same, and a seat that is held is held for so long. */
  CompletionStage<Answer> hold(SeatAsk ask, Duration time) {
    return redis
        .<List<Object>>script(
            seat,
            ScriptOutputType.MULTI,
            REDIS_CLOCK,
            ask.why().wireName(),
            ask.user().value(),
            ask.presence().participant(),
            ask.presence().admission(),
            text(ask.place().only()),
            text(ask.place().prefer()),
            text(ask.place().avoid()),
            text(ask.place().bound()),
            ask.nonce(),
            Integer.toString(capacity),
            Long.toString(time.toMillis()),
            flag(ask.needsLive()),
            flag(ask.proven()),
            ask.requestId())
        .thenApply(Admissions::answer);
  }

  private static String text(Optional<StageArn> stage) {
    return stage.map(StageArn::value).orElse("");
  }

  private static String flag(boolean value) {
    return value ? "1" : "0";
  }

  private static Answer answer(List<Object> reply) {
    String outcome = (String) reply.get(0);
    String stage = (String) reply.get(1);
    boolean isNew = (Long) reply.get(3) == 1;
    Counts counts = new Counts((Long) reply.get(4), (Long) reply.get(5));
    return switch (outcome) {
      case "TAKEN" -> new Answer.Taken(new StageArn(stage), isNew, counts);
      case "HELD" -> new Answer.Held(new StageArn(stage), isNew);
      case "HERE" -> new Answer.Here(new StageArn(stage), counts);
      default -> new Answer.Refused(Refusal.valueOf(outcome), counts, (String) reply.get(6));
    };
  }

  /** Gives a held seat back, if the reservation is still this one. */
  CompletionStage<Boolean> release(UserId user, String nonce) {
    return redis
        .<Long>script(release, ScriptOutputType.INTEGER, user.value(), nonce)
        .thenApply(released -> released == 1);
  }
}
