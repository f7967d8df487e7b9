package io.fullhouse.gateway.live;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A watcher by WebSocket. Thread-safe.
 *
 * <p>One message is on its way at a time; what the client says next is read when it has taken the
 * answer to what it said before.
 */
public final class Socket implements Watcher, Session.Listener {
  private static final Duration PING_EVERY = Duration.ofSeconds(15);
  private static final Duration GONE_AFTER = Duration.ofSeconds(45);
  private static final Duration STATS_AT_LEAST_EVERY = Duration.ofSeconds(5);

  /** For the client's own goodbye. */
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

  private final Hub hub;
  private final Duration slowAfter;
  private final LongSupplier nanoTime;
  private final Function<Socket, Conversation> begin;
  private final Outbox outbox = new Outbox();
  private final Queue<String> answers = new ArrayDeque<>();
  private final Sending sending = new Sending();
  private @Nullable Session session;
  private @Nullable Conversation conversation;
  private @Nullable LiveEvent stats;
  private boolean wantsStats;
  private boolean wantsStages;
  private boolean answering;
  private boolean busy;
  private long busySince;
  private long heardAt;
  private long pingedAt;
  private long statsAt;

  /** What is answered to what a client says. */
  public interface Conversation {
    /** The answer to a message; may change what the client {@link #wants}. */
    String answer(String message);
  }

  /**
   * @param slowAfter a client that takes nothing for so long is let go
   */
  public Socket(Hub hub, Duration slowAfter, Function<Socket, Conversation> begin) {
    this(hub, slowAfter, begin, System::nanoTime);
  }

  Socket(Hub hub, Duration slowAfter, Function<Socket, Conversation> begin, LongSupplier nanoTime) {
    this.hub = hub;
    this.slowAfter = slowAfter;
    this.begin = begin;
    this.nanoTime = nanoTime;
    this.heardAt = nanoTime.getAsLong();
    this.pingedAt = heardAt;
    this.statsAt = heardAt;
  }

  /** Shows it everything from now on, once the connection is a socket. */
  public void start() {
    hub.watch(this, Optional.empty());
  }

  /** What it is to be sent from now on, or not any more; numbers come at once. */
  public synchronized void wants(boolean nowStats, boolean nowStages) {
    if (nowStats && !wantsStats && stats != null) {
      statsAt = nanoTime.getAsLong();
      outbox.put(stats);
    }
    wantsStats = nowStats;
    wantsStages = nowStages;
  }

  public synchronized boolean wantsStats() {
    return wantsStats;
  }

  public synchronized boolean wantsStages() {
    return wantsStages;
  }

  @Override
  public boolean offer(LiveEvent event) {
    boolean kept = keep(event);
    sending.iterate();
    return kept;
  }

  private synchronized boolean keep(LiveEvent event) {
    return switch (event.kind()) {
      case STATS -> {
        stats = event;
        statsAt = nanoTime.getAsLong();
        yield !wantsStats || outbox.put(event);
      }
      case STAGE -> !wantsStages || outbox.put(event);
      case RESET, KEEP_ALIVE -> true;
    };
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    opened.setIdleTimeout(Duration.ZERO); // see look
    synchronized (this) {
      session = opened;
      conversation = begin.apply(this);
    }
    sending.iterate();
    opened.demand();
  }

  @Override
  public void onWebSocketText(String message) {
    synchronized (this) {
      heardAt = nanoTime.getAsLong();
      if (conversation != null) {
        answers.add(conversation.answer(message));
      }
    }
    sending.iterate();
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    callback.succeed();
    onWebSocketText("");
  }

  @Override
  public void onWebSocketPing(ByteBuffer payload) {
    Session open = heard();
    if (open != null) {
      open.sendPong(payload, Callback.NOOP);
      open.demand();
    }
  }

  @Override
  public void onWebSocketPong(ByteBuffer payload) {
    Session open = heard();
    if (open != null) {
      open.demand();
    }
  }

  private synchronized @Nullable Session heard() {
    heardAt = nanoTime.getAsLong();
    return session;
  }

  @Override
  public void onWebSocketError(Throwable failure) {
    hub.gone(this); // what it was is the client's matter, or its network's
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    callback.succeed();
    hub.gone(this);
  }

  @Override
  public Health look(long now, Optional<LiveEvent> current) {
    Session open;
    boolean ping;
    synchronized (this) {
      if (busy) {
        return now - busySince > slowAfter.toNanos() ? Health.STUCK : Health.WELL;
      }
      boolean closed = session != null && !session.isOpen();
      if (closed || now - heardAt > GONE_AFTER.toNanos()) {
        return Health.GONE;
      }
      open = session;
      ping = open != null && now - pingedAt >= PING_EVERY.toNanos();
      pingedAt = ping ? now : pingedAt;
      if (wantsStats && now - statsAt >= STATS_AT_LEAST_EVERY.toNanos()) {
        current.ifPresent(this::keep);
      }
    }
    if (ping && open != null) {
      open.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }
    sending.iterate();
    return Health.WELL;
  }

  @Override
  public void end(End why) {
    Session open;
    boolean stuck;
    synchronized (this) {
      open = session;
      stuck = busy;
    }
    if (open == null) {
      return;
    }
    if (stuck) {
      open.disconnect();
    } else {
      open.setIdleTimeout(CLOSE_WITHIN);
      open.close(why.closeCode(), why.wireName(), Callback.NOOP);
    }
  }

  private synchronized @Nullable String next() {
    String answer = answers.poll();
    if (answer != null) {
      answering = true;
      return answer;
    }
    LiveEvent event = outbox.next();
    return event == null ? null : event.text();
  }

  /** One after the other, without waiting for any. */
  private final class Sending extends IteratingCallback {
    @Override
    protected Action process() {
      Session open;
      String text;
      synchronized (Socket.this) {
        open = session;
        text = open == null ? null : next();
        busy = text != null;
        busySince = nanoTime.getAsLong();
      }
      if (open == null || text == null) {
        return Action.IDLE;
      }
      open.sendText(text, Callback.from(this::taken, this::failed));
      return Action.SCHEDULED;
    }

    private void taken() {
      Session open;
      boolean answered;
      synchronized (Socket.this) {
        open = session;
        answered = answering;
        answering = false;
        busy = false;
      }
      succeeded();
      if (answered && open != null) {
        open.demand();
      }
    }

    @Override
    protected void onCompleteFailure(Throwable failure) {
      hub.gone(Socket.this);
    }
  }
}
