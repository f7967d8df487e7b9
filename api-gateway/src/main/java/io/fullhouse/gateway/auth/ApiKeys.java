package io.fullhouse.gateway.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The API keys, as hashes alone. Immutable and thread-safe. */
public final class ApiKeys {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final List<Key> keys;

  /**
   * @param hash SHA-256 in hexadecimal
   */
  private record Key(String hash, Caller caller) {
    boolean is(String other) {
      return MessageDigest.isEqual(hash.getBytes(US_ASCII), other.getBytes(US_ASCII));
    }
  }

  /**
   * Whose key it is.
   *
   * @param name for logs and rate limits; not secret
   */
  public record Caller(String name, Set<Scope> scopes) {
    public Caller {
      scopes = Set.copyOf(scopes);
    }
  }

  private ApiKeys(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads {@code name:key[:scope+scope],...}; a key without scopes has all of them.
   *
   * @throws IllegalArgumentException with a line for the operator, which never shows a key
   */
  public static ApiKeys parse(String text) {
    List<Key> keys = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      String[] parts = entry.trim().split(":", -1);
      if (parts.length < 2 || parts.length > 3 || parts[1].isEmpty()) {
        throw new IllegalArgumentException("API_KEYS must look like name:key[:scope+scope],...");
      }
      Key key = new Key(hash(parts[1]), new Caller(name(parts[0]), scopes(parts)));
      if (keys.stream().anyMatch(k -> k.caller.name.equals(key.caller.name))) {
        throw new IllegalArgumentException("API_KEYS has the name '" + parts[0] + "' twice");
      }
      if (keys.stream().anyMatch(k -> k.is(key.hash))) {
        throw new IllegalArgumentException("API_KEYS gives '" + parts[0] + "' another one's key");
      }
      keys.add(key);
    }
    return new ApiKeys(keys);
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a name in API_KEYS has 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' or '-'");
    }
    return text;
  }

  private static Set<Scope> scopes(String[] parts) {
    if (parts.length < 3) {
      return EnumSet.allOf(Scope.class);
    }
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    Arrays.stream(parts[2].split("\\+", -1)).map(Scope::ofWireName).forEach(scopes::add);
    return scopes;
  }

  /** In the order given. */
  public List<String> names() {
    return keys.stream().map(key -> key.caller.name).toList();
  }

  /** Whose key this is. Takes equally long for every key, right or wrong. */
  public Optional<Caller> find(@Nullable String key) {
    String hash = hash(key == null ? "" : key);
    Caller found = null;
    for (Key candidate : keys) {
      if (candidate.is(hash)) {
        found = candidate.caller;
      }
    }
    return Optional.ofNullable(found);
  }

  private static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
