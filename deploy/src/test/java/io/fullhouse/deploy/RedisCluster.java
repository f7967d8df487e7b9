package io.fullhouse.deploy;

import static org.awaitility.Awaitility.await;

import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Redis Cluster of three masters on this machine. */
final class RedisCluster implements AutoCloseable {
  private static final int NODES = 3;
  private static final int SLOTS = 16_384;

  private final List<RedisProcess> nodes = new ArrayList<>();
  private final RedisClient client = RedisClient.create();

  RedisCluster() {
    List<Integer> busPorts = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      busPorts.add(FreePort.find());
      nodes.add(RedisProcess.start(RedisOptions.defaults().withClusterBusPort(busPorts.get(i))));
    }
    for (int i = 0; i < NODES; i++) {
      int first = i * SLOTS / NODES;
      int last = (i + 1) * SLOTS / NODES - 1;
      cluster(i, "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
      cluster(
          0,
          "MEET",
          "127.0.0.1",
          Integer.toString(nodes.get(i).port()),
          Integer.toString(busPorts.get(i)));
    }
    await().atMost(Duration.ofSeconds(60)).until(this::isWhole);
  }

  private void cluster(int node, String... arguments) {
    CommandArgs<String, String> call = new CommandArgs<>(StringCodec.UTF8);
    for (String argument : arguments) {
      call.add(argument);
    }
    commands(node).dispatch(CommandType.CLUSTER, new StatusOutput<>(StringCodec.UTF8), call);
  }

  private boolean isWhole() {
    for (int i = 0; i < NODES; i++) {
      String info = commands(i).clusterInfo();
      if (!info.contains("cluster_state:ok") || !info.contains("cluster_known_nodes:" + NODES)) {
        return false;
      }
    }
    return true;
  }

  private RedisCommands<String, String> commands(int node) {
    return client.connect(RedisURI.create(nodes.get(node).uri())).sync();
  }

  /** For {@code REDIS_URL}. */
  String uri() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.port())
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  /** Keys on each node. */
  List<Long> sizes() {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      sizes.add(commands(i).dbsize());
    }
    return sizes;
  }

  @Override
  public void close() {
    client.shutdown();
    nodes.forEach(RedisProcess::close);
  }
}
