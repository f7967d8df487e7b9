package io.fullhouse.gateway;

import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads who is present, as the fold stored it, and who is banned. Writes nothing. Thread-safe. */
final class StoredPresences {
  private final GatewayRedis redis;

  StoredPresences(GatewayRedis redis) {
    this.redis = redis;
  }

  /** Empty when the user is not present on this stage, or the value was damaged. */
  CompletionStage<Optional<PresenceId>> find(StageArn stage, UserId user) {
    return redis
        .call(c -> c.hget(redis.keys().heartbeats(stage), user.value()))
        .thenApply(
            (@Nullable String value) ->
                Optional.ofNullable(value).flatMap(StoredPresence::parse).map(StoredPresence::id));
  }

  /** Whether there is a ban; only the seat script knows whether it is over. */
  CompletionStage<Boolean> isBanned(UserId user) {
    return redis.call(c -> c.hexists(redis.keys().viewerBanned(), user.value()));
  }
}
