package io.fullhouse.gateway.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;

/** A text file of this jar, named in caches by what it holds. Thread-safe. */
final class StaticFile {
  private final byte[] content;
  private final String type;
  private final EntityTag tag;

  private StaticFile(byte[] content, String type) {
    this.content = content;
    this.type = type;
    this.tag = new EntityTag(digest(content));
  }

  /**
   * Reads one.
   *
   * @param name beside this class, in UTF-8
   * @param type such as {@code text/css}
   */
  static StaticFile read(String name, String type) {
    return read(name, type, Map.of());
  }

  /**
   * Reads one, with some of its words replaced.
   *
   * @param words and what stands for them
   */
  static StaticFile read(String name, String type, Map<String, String> words) {
    try (InputStream stream = StaticFile.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new FileNotFoundException(name + " is missing in this jar");
      }
      String text = new String(stream.readAllBytes(), UTF_8);
      for (Map.Entry<String, String> word : words.entrySet()) {
        text = text.replace(word.getKey(), word.getValue());
      }
      return new StaticFile(text.getBytes(UTF_8), type + ";charset=utf-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that is made here. */
  static StaticFile of(byte[] content, String type) {
    return new StaticFile(content, type);
  }

  private static String digest(byte[] content) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(sha256, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * The file, or 304 when the browser has it.
   *
   * @param fresh how long it may be used without asking again
   */
  Response.ResponseBuilder answer(Request request, Duration fresh) {
    CacheControl caching = new CacheControl();
    caching.setNoTransform(false);
    caching.setMaxAge((int) fresh.toSeconds());
    Response.ResponseBuilder known = request.evaluatePreconditions(tag);
    return (known == null ? Response.ok(content, type) : known).tag(tag).cacheControl(caching);
  }
}
