package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an audit says of no log at all, and of an audience too large for one photograph. */
@ExtendWith(RedisExtension.class)
final class AuditTest {
  private static final int PHOTOGRAPHED = 50;

  private final Redis redis;
  private final RedisKeys keys;
  private final HandWrittenLog log;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  AuditTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.log = new HandWrittenLog(redis, keys);
  }

  private Audit audit() {
    EventLog events = new EventLog(redis, keys);
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    CheckpointStore checkpoints = new CheckpointStore(redis, events, keys);
    return new Audit(log.store(), events, checkpoints, out, out, PHOTOGRAPHED);
  }

  @Test
  void where_nothing_was_ever_logged_nothing_differs_and_nothing_is_proven() {
    assertThatThrownBy(() -> audit().verify())
        .isInstanceOf(Audit.CannotProve.class)
        .hasMessageContaining("no log");
    assertThatThrownBy(() -> audit().replay(new EntryId(1, 0)))
        .isInstanceOf(Audit.CannotProve.class)
        .hasMessageContaining("no log");
  }

  @Test
  void a_large_audience_is_compared_stage_by_stage() throws Exception {
    String other = RandomLog.STAGES[1];
    log.joinAll("u", PHOTOGRAPHED);
    log.join("elsewhere", other);
    log.drain();
    assertThat(LiveState.read(log.store(), PHOTOGRAPHED).stages()).isEmpty();

    assertThat(audit().verify()).as("%s", said).isTrue();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains((PHOTOGRAPHED + 1) + " viewers", "OK");

    RedisAnswer.await(redis.commands().hset(keys.viewerSeat(), "u17", other));
    RedisAnswer.await(redis.commands().hdel(keys.heartbeats(HandWrittenLog.STAGE), "u18"));
    assertThat(audit().verify()).isFalse();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("DIFFERS viewer:seat u17", "stage/A u18", "3 differences");
  }
}
