package io.fullhouse.scaler;

import io.fullhouse.redis.RedisAnswer;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.CompletionStage;

/** Waits for scripts that write for the scaler, and that refuse it when another one acts. */
final class Fenced {
  private Fenced() {}

  /**
   * The script's answer.
   *
   * @throws LeaseLostException when another scaler acts: then nothing was written
   * @throws io.lettuce.core.RedisException when Redis is away or refuses
   */
  static <T> T await(CompletionStage<T> answer) {
    try {
      return RedisAnswer.await(answer);
    } catch (RedisCommandExecutionException e) {
      String message = e.getMessage();
      if (message != null && message.startsWith("FENCED")) {
        throw new LeaseLostException();
      }
      throw e;
    }
  }
}
