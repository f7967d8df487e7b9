package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.CommandRefusal;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that nobody has answered yet. For one thread; throws what Redis throws, and {@link
 * LeaseLostException} when another scaler acts.
 */
final class CommandQueue {
  private static final Logger log = LoggerFactory.getLogger(CommandQueue.class);
  private static final LuaScript ANSWER = LuaScript.load(CommandQueue.class, "answer.lua");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER_LIFE = Duration.ofMinutes(10);
  private static final int AT_ONCE = 20;

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  CommandQueue(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
  }

  /** The oldest first. */
  List<Command> pending() {
    List<StreamMessage<String, String>> entries =
        await(
            redis.commands().xrange(keys.scalerCommands(), Range.unbounded(), Limit.from(AT_ONCE)));
    return entries.stream().map(this::command).toList();
  }

  private Command command(StreamMessage<String, String> entry) {
    String answer = keys.scalerAnswer(EntryId.parse(entry.getId()));
    boolean begun = await(redis.commands().exists(answer)) > 0;
    return Command.of(entry.getId(), entry.getBody(), begun);
  }

  /** Before anything is done that must not be done twice. */
  void begin(Command command) {
    if (!command.begun()) {
      write(command, JSON.createObjectNode().put("begun", true), false);
    }
  }

  /** It is done. */
  void done(Command command, int status, ObjectNode data) {
    ObjectNode answer = JSON.createObjectNode().put("status", status);
    answer.set("data", data);
    write(command, answer, true);
    if (!command.onlyLooks()) {
      log.info("an operator's command is carried out: {} {}", command.what(), data);
    }
  }

  /**
   * It is not done.
   *
   * @param code of the public contract
   * @param about IVS's own words, or empty
   */
  void refused(Command command, String code, CommandRefusal why, String about, ObjectNode details) {
    ObjectNode answer =
        JSON.createObjectNode()
            .put("code", code)
            .put("message", why.text(about))
            .put("refusal", why.name())
            .put("about", about);
    answer.set("details", details);
    write(command, answer, true);
    log.warn("an operator's command is refused: {} {}", command.what(), why.text(about));
  }

  private void write(Command command, ObjectNode answer, boolean done) {
    Fenced.await(
        ANSWER.<Long>run(
            redis.commands(),
            ScriptOutputType.INTEGER,
            keys,
            lease.get().orElseThrow(LeaseLostException::new),
            command.id().toString(),
            answer.toString(),
            Long.toString(ANSWER_LIFE.toSeconds()),
            done ? "1" : "0"));
  }
}
