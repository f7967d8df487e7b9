package io.fullhouse.gateway.auth;

import io.dropwizard.lifecycle.Managed;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets that may be replaced while we run, when their file says otherwise. Thread-safe.
 *
 * <p>The file is read again every few seconds, by its name: a symbolic link that points elsewhere
 * now, as a Kubernetes secret's does, is another content. One that is the same at two looks is
 * taken; so nobody who is still writing it is misread. What cannot be read is told once, and what
 * was there before stays.
 */
public final class Rotating<T> implements Supplier<T>, Managed {
  /** Between two looks. */
  static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Rotating.class);

  /** Bytes. Some thousand keys. */
  private static final long MAX_SIZE = 1024 * 1024;

  private final String setting;
  private final @Nullable Path file;
  private final Function<String, T> parse;
  private final Function<T, String> describe;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "secret-files");
            thread.setDaemon(true);
            return thread;
          });
  private volatile T value;
  private String taken;
  private String seen;
  private String complaint = "";

  private Rotating(
      String setting,
      @Nullable Path file,
      String text,
      Function<String, T> parse,
      Function<T, String> describe) {
    this.setting = setting;
    this.file = file;
    this.parse = parse;
    this.describe = describe;
    this.value = parse.apply(text);
    this.taken = text;
    this.seen = text;
  }

  /**
   * What stays as it is.
   *
   * @throws IllegalArgumentException when it cannot be parsed
   */
  public static <T> Rotating<T> never(String text, Function<String, T> parse) {
    return new Rotating<>("", null, text, parse, value -> "");
  }

  /**
   * What a file says.
   *
   * @param setting that names the file, for the log
   * @param parse takes entries separated by commas; its errors never show a secret
   * @param describe what may be logged of a value
   * @throws IllegalArgumentException with a line for the operator when it cannot be read
   */
  public static <T> Rotating<T> file(
      String setting, Path file, Function<String, T> parse, Function<T, String> describe) {
    try {
      return new Rotating<>(setting, file, read(file), parse, describe);
    } catch (IOException e) {
      throw new IllegalArgumentException(setting + " " + file + " " + reason(e));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + " " + file + ": " + e.getMessage());
    }
  }

  /**
   * One entry a line, or several by commas; blank lines and those that begin with # say nothing.
   */
  private static String read(Path file) throws IOException {
    if (Files.size(file) > MAX_SIZE) {
      throw new IOException("is too large");
    }
    return Arrays.stream(Files.readString(file, StandardCharsets.UTF_8).split("\\R", -1))
        .map(String::trim)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .collect(Collectors.joining(","));
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    }
    return e instanceof CharacterCodingException ? "is not UTF-8" : "cannot be read: " + e;
  }

  @Override
  public T get() {
    return value;
  }

  @Override
  public void start() {
    if (file != null) {
      long every = LOOK_EVERY.toMillis();
      var unused = looks.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }
  }

  /** One look; never fails. */
  synchronized void look() {
    if (file == null) {
      return;
    }
    try {
      String text = read(file);
      boolean settled = text.equals(seen);
      complaint = settled ? complaint : "";
      seen = text;
      if (settled && !text.equals(taken)) {
        value = parse.apply(text);
        taken = text;
        log.info("{} {} is taken: {}", setting, file, describe.apply(value));
      }
      if (text.equals(taken)) {
        complaint = "";
      }
    } catch (IOException e) {
      complain(reason(e));
    } catch (IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()));
    }
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      log.error("{} {} is not taken, what it said before holds: {}", setting, file, why);
    }
  }

  @Override
  public void stop() {
    looks.shutdownNow();
  }
}
