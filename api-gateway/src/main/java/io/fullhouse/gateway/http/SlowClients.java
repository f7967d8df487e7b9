package io.fullhouse.gateway.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * Ends connections whose client takes too long to send one request, headers and body together.
 * Jetty's own timeout begins anew with every byte. Thread-safe.
 */
public final class SlowClients implements Connection.Listener {
  private final Map<Connection, Progress> connections = new ConcurrentHashMap<>();
  private final Duration bound;
  private final LongSupplier nanoTime;

  /** What was seen of a connection. Used by the one thread that looks. */
  private static final class Progress {
    private long requests;
    private long bytes;
    private long begunAt;
    private boolean begun;
  }

  /**
   * @param bound for one request
   */
  public SlowClients(Duration bound, LongSupplier nanoTime) {
    this.bound = bound;
    this.nanoTime = nanoTime;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) { // speaks HTTP, not anything it was upgraded to
      connections.put(connection, new Progress());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    connections.remove(connection);
  }

  /** To be called about every second. */
  public synchronized void look() {
    connections.forEach(this::look);
  }

  private void look(Connection connection, Progress progress) {
    long requests = connection.getMessagesIn();
    long bytes = connection.getBytesIn();
    boolean more = bytes != progress.bytes;
    progress.bytes = bytes;
    if (requests != progress.requests) {
      progress.requests = requests;
      progress.begun = false;
    } else if (more && !progress.begun) {
      progress.begun = true;
      progress.begunAt = nanoTime.getAsLong();
    } else if (more && nanoTime.getAsLong() - progress.begunAt > bound.toNanos()) {
      // Bytes come, and have come for long, but neither a request nor the end of one.
      connection.getEndPoint().close();
    }
  }
}
