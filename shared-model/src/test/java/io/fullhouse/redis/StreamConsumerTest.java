package io.fullhouse.redis;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.Consumer;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class StreamConsumerTest {
  private static final String GROUP = "scaler";

  private final MutableTime time = MutableTime.fromNow();
  private final Recorder recorder = new Recorder();
  private final Redis redis;
  private final RedisKeys keys;
  private final StreamConsumer consumer;

  StreamConsumerTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.consumer = new StreamConsumer(redis, keys, keys.counts(), GROUP, "living", recorder, time);
  }

  @AfterEach
  void close() {
    consumer.close();
  }

  @Test
  void hands_over_what_stood_there_before_the_first_start_and_acknowledges_it() {
    String first = append("1");
    String second = append("2");

    assertThat(consumer.step()).isEqualTo(2);

    assertThat(recorder.handled).containsExactly(first, second);
    assertThat(pending()).isZero();
    assertThat(recorder.starts).isEqualTo(1);
  }

  @Test
  void an_entry_whose_effect_failed_comes_again_once_it_has_idled() {
    consumer.step();
    recorder.broken = true;
    String id = append("1");
    assertThat(consumer.step()).isZero();
    assertThat(pending()).isEqualTo(1);

    recorder.broken = false;
    idle("living", id, 1);
    time.advance(StreamConsumer.CLAIM_AFTER);

    assertThat(consumer.step()).isEqualTo(1);
    assertThat(recorder.handled).containsExactly(id);
    assertThat(pending()).isZero();
  }

  @Test
  void takes_over_what_a_dead_consumer_left() {
    String id = append("1");
    read("dead");
    idle("dead", id, 1);

    assertThat(consumer.step()).isEqualTo(1);

    assertThat(recorder.handled).containsExactly(id);
    assertThat(pending()).isZero();
  }

  @Test
  void leaves_what_another_consumer_has_only_just_read() {
    append("1");
    read("busy");

    assertThat(consumer.step()).isZero();

    assertThat(recorder.handled).isEmpty();
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void gives_an_entry_up_after_the_delivery_limit() {
    String id = append("1");
    read("dead");
    idle("dead", id, StreamConsumer.DELIVERY_LIMIT);
    recorder.broken = true;

    consumer.step();

    assertThat(recorder.givenUp).containsExactly(id);
    assertThat(pending()).isZero();
  }

  @Test
  void an_entry_with_an_impossible_id_blocks_nothing() {
    append("1");
    await(
        redis
            .commands()
            .xadd(keys.counts(), new XAddArgs().id("9999999999999999999-0"), Map.of("value", "2")));

    assertThat(consumer.step()).isEqualTo(2);

    assertThat(recorder.handled).hasSize(1);
    assertThat(pending()).isZero();
  }

  @Test
  void a_group_that_vanished_is_made_anew_and_misses_nothing() {
    consumer.step();
    await(redis.commands().flushall());
    String id = append("1");

    assertThat(consumer.step()).isZero();
    assertThat(consumer.step()).isEqualTo(1);

    assertThat(recorder.handled).containsExactly(id);
    assertThat(recorder.starts).isEqualTo(2);
  }

  @Test
  void a_stream_trimmed_beyond_the_group_is_read_from_what_is_left() {
    append("1");
    consumer.step();
    append("2");
    String last = append("3");
    await(redis.commands().xtrim(keys.counts(), 1));

    consumer.step();

    assertThat(recorder.handled).hasSize(2).last().isEqualTo(last);
  }

  @Test
  void a_pending_entry_that_was_trimmed_is_forgotten() {
    String id = append("1");
    read("dead");
    idle("dead", id, 1);
    await(redis.commands().xtrim(keys.counts(), 0));

    consumer.step();

    assertThat(recorder.handled).isEmpty();
    assertThat(pending()).isZero();
  }

  @Test
  void only_idle_consumers_with_nothing_pending_are_taken_off_the_list() {
    append("1");
    read("holding");
    await(redis.commands().xgroupCreateconsumer(keys.counts(), Consumer.from(GROUP, "empty")));
    await(redis.commands().xgroupCreateconsumer(keys.counts(), Consumer.from(GROUP, "living")));

    assertThat(forget("3600000")).isZero();
    assertThat(forget("0")).isEqualTo(1);

    assertThat(await(redis.commands().xinfoConsumers(keys.counts(), GROUP))).hasSize(2);
  }

  private long forget(String idleMillis) {
    return await(
        LuaScript.load(StreamConsumer.class, "forget_consumers.lua")
            .<Long>run(
                redis.commands(),
                ScriptOutputType.INTEGER,
                keys,
                keys.counts(),
                GROUP,
                "living",
                idleMillis));
  }

  private String append(String value) {
    return await(redis.commands().xadd(keys.counts(), Map.of("value", value)));
  }

  @SuppressWarnings("unchecked")
  private void read(String name) {
    await(
        redis
            .commands()
            .xgroupCreate(
                StreamOffset.from(keys.counts(), "0"), GROUP, XGroupCreateArgs.Builder.mkstream()));
    await(
        redis
            .commands()
            .xreadgroup(Consumer.from(GROUP, name), StreamOffset.lastConsumed(keys.counts())));
  }

  /** As if the entry had been delivered so often, and last a good while ago. */
  private void idle(String name, String id, int deliveries) {
    await(
        redis
            .commands()
            .xclaim(
                keys.counts(),
                Consumer.from(GROUP, name),
                new XClaimArgs()
                    .minIdleTime(0)
                    .idle(StreamConsumer.CLAIM_AFTER.plusSeconds(1))
                    .retryCount(deliveries)
                    .justid(),
                id));
  }

  private long pending() {
    return await(redis.commands().xpending(keys.counts(), GROUP)).getCount();
  }

  private static final class Recorder implements StreamHandler {
    private final List<String> handled = new ArrayList<>();
    private final List<String> givenUp = new ArrayList<>();
    private int starts;
    private boolean broken;

    @Override
    public void handle(StreamEntry entry) {
      if (broken) {
        throw new IllegalStateException("the effect failed");
      }
      handled.add(entry.id().toString());
    }

    @Override
    public void givenUp(StreamEntry entry, String reason) {
      givenUp.add(entry.id().toString());
    }

    @Override
    public void started() {
      starts++;
    }
  }
}
