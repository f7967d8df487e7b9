package io.fullhouse.gateway.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fullhouse.model.EntryId;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * A watcher by Server-Sent Events. Thread-safe.
 *
 * <p>Written to when the socket takes it, by whoever comes by then: nobody waits.
 */
public final class EventStream implements Watcher, WriteListener {
  private static final Duration KEEP_ALIVE_EVERY = Duration.ofSeconds(15);

  /** Milliseconds until an {@code EventSource} comes back by itself. */
  private static final byte[] HELLO = "retry: 2000\n\n".getBytes(UTF_8);

  private final Hub hub;
  private final AsyncContext request;
  private final ServletOutputStream out;
  private final Duration slowAfter;
  private final LongSupplier nanoTime;
  private final Outbox outbox = new Outbox();
  private boolean open;
  private boolean flushed = true;
  private boolean over;
  private boolean complete;
  private boolean blocked;
  private long blockedAt;
  private long sentAt;

  private EventStream(
      Hub hub,
      AsyncContext request,
      ServletOutputStream out,
      Duration slowAfter,
      LongSupplier nanoTime) {
    this.hub = hub;
    this.request = request;
    this.out = out;
    this.slowAfter = slowAfter;
    this.nanoTime = nanoTime;
    this.sentAt = nanoTime.getAsLong();
  }

  /**
   * Takes a response over whose status and headers are set, and a place of the hub's, which gives
   * it back in the end.
   *
   * @param after the last notice that the client knows of; empty: it knows nothing
   * @param slowAfter a client that takes nothing for so long is let go
   */
  public static void start(
      Hub hub, AsyncContext request, Optional<EntryId> after, Duration slowAfter)
      throws IOException {
    ServletOutputStream out = request.getResponse().getOutputStream();
    EventStream stream = new EventStream(hub, request, out, slowAfter, System::nanoTime);
    out.setWriteListener(stream);
    hub.watch(stream, after);
  }

  @Override
  public boolean offer(LiveEvent event) {
    boolean kept = outbox.put(event);
    send();
    return kept;
  }

  @Override
  public synchronized void onWritePossible() throws IOException {
    blocked = false;
    if (!open && !over && isReady()) {
      open = true;
      out.write(HELLO);
      flushed = false;
    }
    send();
  }

  private synchronized void send() {
    if (!open || over) {
      return;
    }
    try {
      boolean more = true;
      while (more && isReady()) {
        LiveEvent event = outbox.next();
        if (event != null) {
          out.write(event.sse());
          flushed = false;
          sentAt = nanoTime.getAsLong();
        } else if (!flushed) {
          flushed = true;
          out.flush();
        } else {
          more = false;
        }
      }
    } catch (IOException e) {
      left();
    }
  }

  private boolean isReady() {
    boolean ready = out.isReady();
    if (!ready && !blocked) {
      blocked = true;
      blockedAt = nanoTime.getAsLong();
    }
    return ready;
  }

  @Override
  public synchronized Health look(long now, Optional<LiveEvent> stats) {
    if (over) {
      return Health.GONE; // before the hub knew of it
    }
    if (blocked) {
      return now - blockedAt > slowAfter.toNanos() ? Health.STUCK : Health.WELL;
    }
    if (now - sentAt >= KEEP_ALIVE_EVERY.toNanos()) {
      offer(LiveEvent.KEEP_ALIVE);
    }
    return Health.WELL;
  }

  @Override
  public synchronized void end(End why) {
    if (over) {
      return;
    }
    try {
      if (open && isReady()) {
        // Not all at once: another gateway is to take them in.
        out.write(LiveEvent.end(why.wireName(), ThreadLocalRandom.current().nextInt(500, 4_000)));
        if (isReady()) {
          complete();
          return;
        }
      }
    } catch (IOException e) {
      // It is gone already.
    }
    cut();
  }

  @Override
  public void onError(Throwable failure) {
    left();
  }

  private synchronized void left() {
    complete();
    hub.gone(this);
  }

  private void complete() {
    over = true;
    if (!complete) {
      complete = true;
      try {
        request.complete();
      } catch (IllegalStateException e) {
        // The server ended it before us.
      }
    }
  }

  /** What waits to be written is not waited for. */
  private void cut() {
    ServletContextRequest.getServletContextRequest(request.getRequest())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close();
    complete();
  }
}
