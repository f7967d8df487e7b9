package io.fullhouse.counter;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code audit verify} and {@code audit replay}: what the log proves. Changes nothing.
 *
 * <p>Takes its settings from the environment, as the worker does: {@code REDIS_URL}, {@code
 * REDIS_PASSWORD}, {@code REDIS_KEY_PREFIX}.
 */
final class AuditCommand extends Command {
  /** Verified and the same, or replayed. */
  private static final int SAME = 0;

  private static final int DIFFERENT = 1;

  /** Neither: Redis is away, the log does not reach back so far, or the call was wrong. */
  static final int CANNOT_TELL = 2;

  private final Map<String, String> environment;

  AuditCommand(Map<String, String> environment) {
    super("audit", "Proves the live numbers from the event log, or tells them as of any entry");
    this.environment = environment;
  }

  @Override
  public void configure(Subparser subparser) {
    subparser.epilog(
        "Settings: REDIS_URL, REDIS_PASSWORD, REDIS_KEY_PREFIX. Exit status: 0 the same, 1 different,"
            + " 2 cannot tell.");
    Subparsers actions = subparser.addSubparsers().dest("action").title("actions");
    actions
        .addParser("verify")
        .help("folds the log and compares the result with the live keys at the same entry");
    actions
        .addParser("replay")
        .help("prints the state at an entry, as JSON")
        .addArgument("--at")
        .required(true)
        .metavar("ID")
        .help("entry id, such as 1795348800123-0, or epoch milliseconds");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
    quiet();
    int status = audit(namespace.getString("at"));
    if (status != SAME) {
      System.exit(status);
    }
  }

  /** Replays up to {@code at}; verifies when there is none: only {@code replay} takes it. */
  private int audit(@Nullable String at) throws IOException {
    Broadcast broadcast =
        new Broadcast(
            new BroadcastId(setting("BROADCAST_ID", "main")),
            setting("REDIS_KEY_PREFIX", "ivs:prod:"));
    RedisSettings settings =
        RedisSettings.parse(
            setting("REDIS_URL", "redis://127.0.0.1:6379"),
            setting("REDIS_PASSWORD", ""),
            broadcast);
    RedisKeys keys = RedisKeys.of(broadcast);
    try (Redis redis = Redis.create(settings)) {
      EventLog events = new EventLog(redis, keys);
      PresenceStore store = new PresenceStore(redis, keys, Duration.ofSeconds(60), Scripts.load());
      Audit audit =
          new Audit(
              store, events, new CheckpointStore(redis, events, keys), System.out, System.err);
      if (at == null) {
        return audit.verify() ? SAME : DIFFERENT;
      }
      PresenceModel state = audit.replay(EntryId.parse(at));
      System.out.println(
          new ObjectMapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(Audit.describe(state)));
      return SAME;
    } catch (RedisException e) {
      return fail("Redis at " + settings.describe() + ": " + rootMessage(e));
    } catch (Audit.CannotProve e) {
      return fail(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable failure) {
    if (failure instanceof IllegalArgumentException) {
      System.exit(fail(String.valueOf(failure.getMessage())));
    }
    super.onError(cli, namespace, failure);
    System.exit(CANNOT_TELL);
  }

  private static int fail(String reason) {
    System.err.println("audit: " + reason);
    return CANNOT_TELL;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (Throwable next = root.getCause(); next != null; next = root.getCause()) {
      root = next;
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private String setting(String name, String otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** Standard output is the audit's. */
  private static void quiet() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger l) {
      l.setLevel(Level.OFF);
    }
  }
}
