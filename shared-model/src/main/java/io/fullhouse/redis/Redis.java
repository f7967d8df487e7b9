package io.fullhouse.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Redis, standalone or cluster. Thread-safe.
 *
 * <p>Commands fail at once while Redis is away, and within {@link RedisSettings#COMMAND_TIMEOUT}
 * when it does not answer: no queue speaks minutes later. A connection that was lost comes back by
 * itself, and commands that were under way then are sent again, so each must be safe to repeat.
 * Redis may be away at start: the connection is made when it is first used and Redis is there.
 */
public final class Redis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Redis.class);

  private final RedisSettings settings;
  private final ClientResources resources;
  private final @Nullable RedisClient standalone;
  private final @Nullable RedisClusterClient cluster;
  private final List<Connection<?>> connections = new ArrayList<>();
  private final Connection<String> shared;

  private Redis(RedisSettings settings) {
    this.settings = settings;
    this.resources =
        ClientResources.builder()
            .reconnectDelay(
                Delay.fullJitter(
                    Duration.ofMillis(20), Duration.ofSeconds(1), 20, TimeUnit.MILLISECONDS))
            .build();
    if (settings.cluster()) {
      this.standalone = null;
      this.cluster = RedisClusterClient.create(resources, settings.nodes());
      this.cluster.setOptions(clusterOptions());
    } else {
      this.cluster = null;
      this.standalone = new AsyncRedisClient(resources, settings.nodes().get(0));
      this.standalone.setOptions(options(ClientOptions.builder()).build());
    }
    this.shared = connection(StringCodec.UTF8);
  }

  /** Prepares the connection; does not wait for Redis. */
  public static Redis create(RedisSettings settings) {
    return new Redis(settings);
  }

  private static ClientOptions.Builder options(ClientOptions.Builder builder) {
    return builder
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(50_000)
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(RedisSettings.COMMAND_TIMEOUT)
                .keepAlive(true)
                .build())
        .timeoutOptions(TimeoutOptions.enabled(RedisSettings.COMMAND_TIMEOUT));
  }

  private static ClusterClientOptions clusterOptions() {
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    options(builder);
    return builder
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(Duration.ofSeconds(15))
                .build())
        .build();
  }

  /**
   * The commands of the connection that everything shares but what blocks.
   *
   * @throws io.lettuce.core.RedisException when there is no connection yet and none can be made
   */
  public RedisClusterAsyncCommands<String, String> commands() {
    return shared.commands();
  }

  /** A further connection, for blocking reads or another codec; made when first used. */
  public <V> Connection<V> connection(RedisCodec<String, V> codec) {
    Connection<V> connection = new Connection<>(this, codec);
    synchronized (connections) {
      connections.add(connection);
    }
    return connection;
  }

  @Override
  public void close() {
    synchronized (connections) {
      connections.forEach(Connection::close);
    }
    if (standalone != null) {
      standalone.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
    if (cluster != null) {
      cluster.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  /** One connection, opened at its first use. Thread-safe. */
  public static final class Connection<V> implements AutoCloseable {
    private final Redis redis;
    private final RedisCodec<String, V> codec;
    private volatile @Nullable Open<V> open;
    private boolean closed;

    private Connection(Redis redis, RedisCodec<String, V> codec) {
      this.redis = redis;
      this.codec = codec;
    }

    private record Open<V>(
        StatefulConnection<String, V> connection, RedisClusterAsyncCommands<String, V> commands) {}

    /**
     * The connection's commands.
     *
     * @throws io.lettuce.core.RedisException when there is no connection yet and none can be made
     */
    public RedisClusterAsyncCommands<String, V> commands() {
      Open<V> current = open;
      return (current != null ? current : open()).commands();
    }

    private synchronized Open<V> open() {
      Open<V> current = open;
      if (current != null) {
        return current;
      }
      if (closed) {
        throw new RedisException("the connection is closed");
      }
      current = redis.connect(codec);
      open = current;
      return current;
    }

    @Override
    public synchronized void close() {
      closed = true;
      Open<V> current = open;
      if (current != null) {
        current.connection().close();
        open = null;
      }
    }
  }

  private <V> Connection.Open<V> connect(RedisCodec<String, V> codec) {
    Connection.Open<V> open;
    if (standalone != null) {
      open = opened(standalone.connect(codec), c -> c.async());
    } else if (cluster != null) {
      StatefulRedisClusterConnection<String, V> connection = cluster.connect(codec);
      meet(connection);
      open = opened(connection, c -> c.async());
    } else {
      throw new AssertionError("neither standalone nor cluster");
    }
    log.info("connected to Redis at {}", settings.describe());
    return open;
  }

  /** Else the first command to each node would be rejected while its connection is made. */
  private static void meet(StatefulRedisClusterConnection<?, ?> connection) {
    for (RedisClusterNode node : connection.getPartitions()) {
      if (node.is(NodeFlag.UPSTREAM) && !node.getSlots().isEmpty()) {
        try {
          connection.getConnection(node.getUri().getHost(), node.getUri().getPort());
        } catch (RedisException e) {
          log.warn("node {} of the cluster is not there: {}", node.getNodeId(), e.getMessage());
        }
      }
    }
  }

  private static <V, C extends StatefulConnection<String, V>> Connection.Open<V> opened(
      C connection, Function<C, RedisClusterAsyncCommands<String, V>> commands) {
    return new Connection.Open<>(connection, commands.apply(connection));
  }
}
