package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.model.EventCodec;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Which stages take seats, how many are taken, and what is known of each: the scaler's side of it.
 * Thread-safe.
 *
 * <p>Every method is one trip, and safe to repeat; each throws {@link
 * io.lettuce.core.RedisException} when Redis is away or refuses. What writes throws {@link
 * LeaseLostException}, having written nothing, when another scaler acts.
 */
final class StageRegistry {
  /** By the contract: metadata that nobody refreshes is gone after an hour. */
  static final Duration METADATA_LIFE = Duration.ofHours(1);

  private static final LuaScript STAGE = LuaScript.load(StageRegistry.class, "stage.lua");
  private static final LuaScript INTENT = LuaScript.load(StageRegistry.class, "intent.lua");
  private static final LuaScript CURTAIN = LuaScript.load(StageRegistry.class, "curtain.lua");
  private static final LuaScript OBSERVE = LuaScript.load(StageRegistry.class, "observe.lua");
  private static final String LEAVE = "";
  private static final String FORGET = "-";

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;

  /** What is to become of a stage's place in the registry. */
  enum Doors {
    /** Takes newcomers; who already holds a seat there is counted. */
    OPEN,
    /** Takes nobody new. */
    CLOSING,
    /** Not registered, if nobody holds a seat there. */
    CLOSED,
    /** Not registered, whoever holds a seat there. */
    FORCED,
    /** Stay as they are. */
    LEFT_ALONE
  }

  /** What has become of it. */
  enum Registered {
    OPEN,
    CLOSING,
    CLOSED
  }

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  StageRegistry(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
  }

  /** Whether the stage takes newcomers. */
  CompletionStage<Boolean> isOpen(StageArn stage) {
    return redis.commands().zscore(keys.stages(), stage.value()).thenApply(score -> score != null);
  }

  /** Opens the stage for newcomers, and leaves what is known of it alone. */
  void open(StageArn stage) {
    run(stage, Doors.OPEN, LEAVE, LEAVE, LEAVE, LEAVE);
  }

  /** Writes what is known of a stage, and its place in the registry in the same step. */
  Registered put(StageMetadata stage, Doors doors) {
    return run(stage.arn(), doors, stage.toJson(), LEAVE, LEAVE, LEAVE);
  }

  /** The same, and tells of it when it is new. */
  Registered put(StageMetadata stage, Doors doors, Notice notice) {
    return run(stage.arn(), doors, stage.toJson(), LEAVE, notice.toJson(), LEAVE);
  }

  /** The same of a stage that goes for good: no operator's pin holds for it any more. */
  Registered putUnpinned(StageMetadata stage, Doors doors, Notice notice) {
    return run(stage.arn(), doors, stage.toJson(), LEAVE, notice.toJson(), FORGET);
  }

  /** Writes what is known of a stage, and from where an operator wants it to be fed. */
  void pin(StageMetadata stage, Pin pin) {
    run(stage.arn(), Doors.LEFT_ALONE, stage.toJson(), LEAVE, LEAVE, pin.text());
  }

  /** The same when an operator wants it no more. */
  void unpin(StageMetadata stage) {
    run(stage.arn(), Doors.LEFT_ALONE, stage.toJson(), LEAVE, LEAVE, FORGET);
  }

  /** The same of a stage that was asked of IVS under this request id. */
  Registered fulfil(String request, StageMetadata stage, Doors doors) {
    return run(stage.arn(), doors, stage.toJson(), request, LEAVE, LEAVE);
  }

  /** There is no such stage any more, and no pin that names it. */
  void forget(StageArn stage) {
    run(stage, Doors.LEFT_ALONE, FORGET, LEAVE, LEAVE, LEAVE);
  }

  /** To be called before IVS is asked for a stage. */
  void intend(String request, Instant now) {
    intent(request, Long.toString(now.toEpochMilli()));
  }

  /** IVS has no stage of this request, and will not. */
  void abandon(String request) {
    intent(request, "");
  }

  /** Nobody publishes any more, if the broadcast has ended. */
  void endShow() {
    List<String> arguments = new ArrayList<>();
    arguments.add(token());
    PublisherOffline event = new PublisherOffline("", PublisherEvidence.OPERATOR);
    for (Object part : EventCodec.encode(event)) {
      arguments.add(String.valueOf(part));
    }
    Fenced.await(
        CURTAIN.<Long>run(
            redis.commands(), ScriptOutputType.INTEGER, keys, arguments.toArray(String[]::new)));
  }

  /** All there is, at this instant. */
  Observation observe() {
    return ObservationReply.read(
        await(OBSERVE.<List<Object>>run(redis.commands(), ScriptOutputType.MULTI, keys)));
  }

  private void intent(String request, String at) {
    Fenced.await(
        INTENT.<Long>run(redis.commands(), ScriptOutputType.INTEGER, keys, token(), request, at));
  }

  private Registered run(
      StageArn stage, Doors doors, String metadata, String fulfilled, String notice, String pin) {
    String wanted = doors == Doors.LEFT_ALONE ? "" : doors.name().toLowerCase(Locale.ROOT);
    String answer =
        Fenced.await(
            STAGE.<String>run(
                redis.commands(),
                ScriptOutputType.VALUE,
                keys,
                token(),
                stage.value(),
                wanted,
                metadata,
                Long.toString(METADATA_LIFE.toSeconds()),
                fulfilled,
                notice,
                pin));
    return Registered.valueOf(answer.toUpperCase(Locale.ROOT));
  }

  private String token() {
    return lease.get().orElseThrow(LeaseLostException::new);
  }
}
