package io.fullhouse.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A script that stands as a resource beside the class that calls it. Immutable and thread-safe.
 *
 * <p>A first line {@code #!lua …} stays first; a line {@code --#include seats.lua} is replaced by
 * that resource of this package, so that the rules of seats exist once.
 */
public final class LuaScript {
  private static final String INCLUDE = "--#include ";

  private final String source;
  private final String sha;

  private LuaScript(String source) {
    this.source = source;
    this.sha = sha1(source);
  }

  /** Loads the resource {@code name} from the package of {@code owner}. */
  public static LuaScript load(Class<?> owner, String name) {
    return ofSource(resource(owner, name));
  }

  /** A script from its text, with includes resolved: how tests change a rule. */
  public static LuaScript ofSource(String source) {
    StringBuilder text = new StringBuilder();
    for (String line : source.split("\n", -1)) {
      text.append(
          line.startsWith(INCLUDE)
              ? resource(LuaScript.class, line.substring(INCLUDE.length()).trim())
              : line + "\n");
    }
    return new LuaScript(text.toString());
  }

  /** The text that Redis runs. */
  public String source() {
    return source;
  }

  /** The name that Redis gives it. */
  String sha() {
    return sha;
  }

  /**
   * Runs the script in one trip; in two, when Redis does not know it yet.
   *
   * @param keys the broadcast's {@link RedisKeys#prefix()}, which routes to its slot
   */
  public <T> CompletionStage<T> run(
      RedisClusterAsyncCommands<String, String> redis,
      ScriptOutputType output,
      RedisKeys keys,
      String... arguments) {
    return run(redis, output, keys.prefix(), arguments);
  }

  /**
   * Runs a script that concerns one key and no broadcast.
   *
   * @param key one of {@link AccountKeys}
   */
  <T> CompletionStage<T> run(
      RedisClusterAsyncCommands<String, String> redis,
      ScriptOutputType output,
      String key,
      String... arguments) {
    String[] routing = {key};
    return redis
        .<T>evalsha(sha, output, routing, arguments)
        .exceptionallyCompose(
            failure ->
                unwrap(failure) instanceof RedisNoScriptException
                    ? redis.<T>eval(source, output, routing, arguments)
                    : CompletableFuture.failedStage(failure));
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static String resource(Class<?> owner, String name) {
    try (InputStream stream = owner.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalArgumentException("no " + name + " beside " + owner.getName());
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
