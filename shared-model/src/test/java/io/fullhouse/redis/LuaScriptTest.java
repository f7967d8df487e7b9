package io.fullhouse.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.ScriptOutputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class LuaScriptTest {
  private static final LuaScript ECHO = LuaScript.ofSource("#!lua\nreturn ARGV[1]");

  @Test
  void a_script_that_redis_knows_is_named_not_sent(Redis redis, RedisKeys keys) {
    RedisAnswer.await(redis.commands().scriptFlush());

    assertThat(echo(redis, keys)).isEqualTo("once");

    assertThat(RedisAnswer.await(redis.commands().scriptExists(ECHO.sha()))).containsExactly(true);
  }

  @Test
  void a_script_that_redis_forgot_is_sent_again(Redis redis, RedisKeys keys) {
    echo(redis, keys);
    RedisAnswer.await(redis.commands().scriptFlush());

    assertThat(echo(redis, keys)).isEqualTo("once");
  }

  private static String echo(Redis redis, RedisKeys keys) {
    return RedisAnswer.await(
        ECHO.<String>run(redis.commands(), ScriptOutputType.VALUE, keys, "once"));
  }
}
