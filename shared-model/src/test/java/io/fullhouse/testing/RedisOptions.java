package io.fullhouse.testing;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link RedisProcess} runs.
 *
 * @param port 0 for any free one
 * @param directory keeps the data, made when missing; null for a temporary one that is deleted when
 *     the process is closed
 * @param appendOnly what survives a crash
 * @param password empty for none
 * @param maxMemory in Redis's notation, such as {@code 64mb}; {@code 0} for no limit. Nothing is
 *     ever evicted.
 * @param clusterBusPort the server is a node of a cluster and speaks to the others there; 0 for one
 *     that stands alone
 */
public record RedisOptions(
    int port,
    @Nullable Path directory,
    AppendOnly appendOnly,
    String password,
    String maxMemory,
    int clusterBusPort) {

  /** When Redis's log of commands is forced to disk. */
  public enum AppendOnly {
    /** There is none: a restart forgets everything. */
    OFF,
    /** Once a second: a restart of the process forgets nothing, a power cut up to a second. */
    EVERY_SECOND,
    /** Before each answer. */
    ALWAYS
  }

  /** Any free port, a temporary directory, nothing on disk, no password, no limit. */
  public static RedisOptions defaults() {
    return new RedisOptions(0, null, AppendOnly.OFF, "", "0", 0);
  }

  public RedisOptions withPort(int newPort) {
    return new RedisOptions(newPort, directory, appendOnly, password, maxMemory, clusterBusPort);
  }

  public RedisOptions withDirectory(Path newDirectory) {
    return new RedisOptions(port, newDirectory, appendOnly, password, maxMemory, clusterBusPort);
  }

  public RedisOptions withAppendOnly(AppendOnly newAppendOnly) {
    return new RedisOptions(port, directory, newAppendOnly, password, maxMemory, clusterBusPort);
  }

  public RedisOptions withPassword(String newPassword) {
    return new RedisOptions(port, directory, appendOnly, newPassword, maxMemory, clusterBusPort);
  }

  public RedisOptions withMaxMemory(String newMaxMemory) {
    return new RedisOptions(port, directory, appendOnly, password, newMaxMemory, clusterBusPort);
  }

  public RedisOptions withClusterBusPort(int newClusterBusPort) {
    return new RedisOptions(port, directory, appendOnly, password, maxMemory, newClusterBusPort);
  }

  /**
   * The server's configuration file. Its data lies in its working directory, so no path needs to be
   * quoted here.
   */
  String configuration(int chosenPort) {
    String lines =
        """
        bind 127.0.0.1
        port %d
        save ""
        logfile redis.log
        repl-diskless-sync-delay 0
        maxmemory %s
        maxmemory-policy noeviction
        """
            .formatted(chosenPort, maxMemory);
    String appending =
        switch (appendOnly) {
          case OFF -> "appendonly no\n";
          case EVERY_SECOND -> "appendonly yes\nappendfsync everysec\n";
          case ALWAYS -> "appendonly yes\nappendfsync always\n";
        };
    String clustering =
        clusterBusPort == 0
            ? ""
            : "cluster-enabled yes\ncluster-port "
                + clusterBusPort
                + "\ncluster-node-timeout 5000\n";
    return lines
        + appending
        + clustering
        + (password.isEmpty() ? "" : "requirepass " + password + "\n");
  }
}
