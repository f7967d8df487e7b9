package io.fullhouse.redis;

import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.protocol.PushHandler;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;

/**
 * A client for asynchronous commands only. The proxy for synchronous ones, which Lettuce makes
 * before anybody asks for it, looks up hundreds of methods by reflection: a sixth of a counter's
 * start.
 */
final class AsyncRedisClient extends RedisClient {
  AsyncRedisClient(ClientResources resources, RedisURI uri) {
    super(resources, uri);
  }

  @Override
  protected <K, V> StatefulRedisConnectionImpl<K, V> newStatefulRedisConnection(
      RedisChannelWriter writer,
      PushHandler pushHandler,
      RedisCodec<K, V> codec,
      Duration timeout) {
    return new AsyncConnection<>(writer, pushHandler, codec, timeout);
  }

  private static final class AsyncConnection<K, V> extends StatefulRedisConnectionImpl<K, V> {
    AsyncConnection(
        RedisChannelWriter writer,
        PushHandler pushHandler,
        RedisCodec<K, V> codec,
        Duration timeout) {
      super(writer, pushHandler, codec, timeout);
    }

    /** Called by the superclass's constructor; {@code sync()} has nothing to give. */
    @Override
    @SuppressWarnings("NullAway") // nobody asks for it
    protected RedisCommands<K, V> newRedisSyncCommandsImpl() {
      return null;
    }
  }
}
