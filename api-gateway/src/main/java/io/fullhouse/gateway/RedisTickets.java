package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.Tickets;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tickets in Redis, for all gateways of a broadcast. Thread-safe. */
record RedisTickets(GatewayRedis redis) implements Tickets.Store {
  @Override
  public CompletionStage<?> keep(String hash, String whose, Duration life) {
    return redis.call(c -> c.set(redis.keys().ticket(hash), whose, SetArgs.Builder.ex(life)));
  }

  @Override
  public CompletionStage<? extends @Nullable String> take(String hash) {
    return redis.call(c -> c.getdel(redis.keys().ticket(hash)));
  }
}
