package io.fullhouse.counter;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes the log with settable time, many entries a command. */
final class LogWriter {
  private static final LuaScript APPEND = LuaScript.load(LogWriter.class, "append.lua");

  private final Redis redis;
  private final RedisKeys keys;

  LogWriter(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** Does the steps in one atomic command; answers how many entries were appended. */
  CompletionStage<Long> append(List<? extends Step> steps) {
    List<String> arguments = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Append append) {
        arguments.add(append.seated() ? "seat" : "append");
        arguments.add(append.id().toString());
        arguments.add(Integer.toString(append.fields().size()));
        append.fields().forEach(field -> arguments.add(escape(field)));
      } else if (step instanceof Step.Reserve reserve) {
        arguments.add("reserve");
        arguments.add(reserve.user());
        arguments.add(reserve.stage());
        arguments.add(Long.toString(reserve.untilMillis()));
      }
    }
    return APPEND.run(
        redis.commands(), ScriptOutputType.INTEGER, keys, arguments.toArray(String[]::new));
  }

  private static String escape(byte[] field) {
    StringBuilder text = new StringBuilder();
    for (byte b : field) {
      if (b > ' ' && b < 0x7f && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(HexFormat.of().toHexDigits(b));
      }
    }
    return text.toString();
  }

  /** Field names and values as they stand in the log. */
  static List<byte[]> bytes(String... fields) {
    List<byte[]> bytes = new ArrayList<>();
    for (String field : fields) {
      bytes.add(field.getBytes(StandardCharsets.UTF_8));
    }
    return bytes;
  }
}
