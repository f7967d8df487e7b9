package io.fullhouse.gateway;

import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads who is present, as the fold stored it, and who is banned. Writes nothing. Thread-safe. */
final class StoredPresences {
  /** The twin of {@code presence} in {@code seats.lua}. */
  private static final Pattern VALUE =
      Pattern.compile(
          "\\{\"timestamp\":[0-9]+,\"participantId\":\"([a-zA-Z0-9_-]*)\",\"joinedAt\":[0-9]+,"
              + "\"admission\":\"([a-zA-Z0-9]*)\"}");

  private final GatewayRedis redis;

  StoredPresences(GatewayRedis redis) {
    this.redis = redis;
  }

  /** Empty when the user is not present on this stage, or the value was damaged. */
  CompletionStage<Optional<PresenceId>> find(StageArn stage, UserId user) {
    return redis
        .call(c -> c.hget(redis.keys().heartbeats(stage), user.value()))
        .thenApply(StoredPresences::parse);
  }

  /** Whether there is a ban; only the seat script knows whether it is over. */
  CompletionStage<Boolean> isBanned(UserId user) {
    return redis.call(c -> c.hexists(redis.keys().viewerBanned(), user.value()));
  }

  private static Optional<PresenceId> parse(@Nullable String value) {
    Matcher matcher = VALUE.matcher(value == null ? "" : value);
    try {
      return matcher.matches()
          ? Optional.of(new PresenceId(matcher.group(1), matcher.group(2)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // overlong ids: damaged, too
    }
  }
}
