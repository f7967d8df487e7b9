package io.fullhouse.gateway.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fullhouse.model.EntryId;

/** What all watchers are sent, as bytes that are made once. Immutable; equal is only the same. */
final class LiveEvent {
  enum Kind {
    /** All numbers: a newer one takes the place of one that still waits. */
    STATS,
    /** Something happened to a stage. */
    STAGE,
    /** What happened to stages may have been missed. */
    RESET,
    /** Somebody is there, although nothing happens. */
    KEEP_ALIVE
  }

  /** Of the event stream alone; sockets have pings. */
  static final LiveEvent KEEP_ALIVE =
      new LiveEvent(Kind.KEEP_ALIVE, EntryId.ZERO, ": keep-alive\n\n".getBytes(UTF_8), "");

  private final Kind kind;
  private final EntryId id;
  private final byte[] sse;
  private final String text;

  private LiveEvent(Kind kind, EntryId id, byte[] sse, String text) {
    this.kind = kind;
    this.id = id;
    this.sse = sse;
    this.text = text;
  }

  static LiveEvent stats(EntryId id, String json, String text) {
    return new LiveEvent(Kind.STATS, id, event("stats", id, json), text);
  }

  static LiveEvent stage(EntryId id, String json, String text) {
    return new LiveEvent(Kind.STAGE, id, event("stage", id, json), text);
  }

  /**
   * @param why for programs, in capitals
   */
  static LiveEvent reset(EntryId id, String why) {
    return new LiveEvent(Kind.RESET, id, event("reset", id, "{\"reason\":\"" + why + "\"}"), "");
  }

  /**
   * The last event, of an event stream alone.
   *
   * @param pauseMillis until the client is to come back
   */
  static byte[] end(String why, int pauseMillis) {
    return ("event: end\nretry: " + pauseMillis + "\ndata: {\"reason\":\"" + why + "\"}\n\n")
        .getBytes(UTF_8);
  }

  private static byte[] event(String name, EntryId id, String json) {
    return ("event: " + name + "\nid: " + id + "\ndata: " + json + "\n\n").getBytes(UTF_8);
  }

  Kind kind() {
    return kind;
  }

  /** The last notice of which this and what was sent before it tell. */
  EntryId id() {
    return id;
  }

  /** For an event stream: not to be written to. */
  byte[] sse() {
    return sse;
  }

  /** For a socket; empty: sockets are not told. */
  String text() {
    return text;
  }
}
