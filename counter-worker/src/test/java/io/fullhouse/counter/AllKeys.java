package io.fullhouse.counter;

import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Everything that Redis holds, to the byte. */
final class AllKeys {
  private AllKeys() {}

  static Map<String, String> dump(Redis redis) {
    Map<String, String> dumps = new TreeMap<>();
    try (Redis.Connection<byte[]> bytes =
        redis.connection(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
      for (String key : RedisAnswer.await(bytes.commands().keys("*"))) {
        byte[] dump = RedisAnswer.await(bytes.commands().dump(key));
        dumps.put(key, HexFormat.of().formatHex(dump));
      }
    }
    return dumps;
  }
}
