package io.fullhouse.redis;

import io.fullhouse.model.Broadcast;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is.
 *
 * @param nodes one for standalone; the seeds of a cluster
 * @param cluster whether they are a cluster's
 */
public record RedisSettings(List<RedisURI> nodes, boolean cluster) {
  /** No command, connect or reconnect waits longer than this. */
  public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

  private static final Pattern HASH_TAG = Pattern.compile("[^{]*\\{[^}]+}.*");

  public RedisSettings {
    nodes = List.copyOf(nodes);
  }

  /**
   * Reads {@code REDIS_URL}: {@code redis://}, {@code rediss://} (TLS), {@code redis-cluster://},
   * {@code rediss-cluster://}; a cluster's URL may name several nodes, separated by commas.
   *
   * @param url may hold the password
   * @param password used when the URL holds none; null or empty for none
   * @throws IllegalArgumentException with a line for the operator, which never shows the password
   */
  public static RedisSettings parse(String url, @Nullable String password, Broadcast broadcast) {
    int schemeEnd = url.indexOf("://");
    String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd);
    boolean cluster = scheme.endsWith("-cluster");
    String nodeScheme =
        cluster ? scheme.substring(0, scheme.length() - "-cluster".length()) : scheme;
    if (!nodeScheme.equals("redis") && !nodeScheme.equals("rediss")) {
      throw new IllegalArgumentException(
          "REDIS_URL must start with redis://, rediss://, redis-cluster:// or rediss-cluster://");
    }
    if (cluster && !HASH_TAG.matcher(broadcast.keyPrefix()).matches()) {
      throw new IllegalArgumentException(
          "on a cluster REDIS_KEY_PREFIX must hold a hash tag, such as {ivs:prod}:, not '"
              + broadcast.keyPrefix()
              + "'");
    }
    String rest = url.substring(schemeEnd + 3);
    int at = rest.lastIndexOf('@');
    String credentials = at < 0 ? "" : rest.substring(0, at + 1);
    List<RedisURI> nodes = new ArrayList<>();
    for (String node : rest.substring(at + 1).split(",", -1)) {
      nodes.add(
          node(nodeScheme + "://" + credentials + node, credentials.isEmpty() ? password : null));
    }
    if (!cluster && nodes.size() > 1) {
      throw new IllegalArgumentException("REDIS_URL names several nodes: use redis-cluster://");
    }
    return new RedisSettings(nodes, cluster);
  }

  private static RedisURI node(String url, @Nullable String password) {
    RedisURI node;
    try {
      node = RedisURI.create(new URI(url));
    } catch (URISyntaxException | IllegalArgumentException e) {
      // The cause may repeat the URL, and with it a password.
      throw new IllegalArgumentException("REDIS_URL is not a valid URL");
    }
    if (node.getHost() == null || node.getHost().isEmpty()) {
      throw new IllegalArgumentException("REDIS_URL names no host");
    }
    if (password != null && !password.isEmpty()) {
      node.setCredentialsProvider(
          new StaticCredentialsProvider(RedisCredentials.just(null, password)));
    }
    node.setTimeout(COMMAND_TIMEOUT);
    return node;
  }

  /** Host and port of each node, for logs: never credentials. */
  public String describe() {
    StringBuilder text = new StringBuilder(cluster ? "cluster " : "");
    for (RedisURI node : nodes) {
      text.append(text.length() == 0 || text.charAt(text.length() - 1) == ' ' ? "" : ",");
      text.append(node.getHost()).append(':').append(node.getPort());
      text.append(node.isSsl() ? " (TLS)" : "");
    }
    return text.toString();
  }
}
