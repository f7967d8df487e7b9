package io.fullhouse.model;

import io.fullhouse.model.ViewerEvent.Banned;
import io.fullhouse.model.ViewerEvent.Credited;
import io.fullhouse.model.ViewerEvent.Expired;
import io.fullhouse.model.ViewerEvent.Heartbeat;
import io.fullhouse.model.ViewerEvent.Joined;
import io.fullhouse.model.ViewerEvent.Left;
import io.fullhouse.model.ViewerEvent.OfViewer;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import io.fullhouse.model.ViewerEvent.SaidBye;
import io.fullhouse.model.ViewerEvent.Ticked;
import io.fullhouse.model.ViewerEvent.Unbanned;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@link ViewerEvent} to stream fields and back.
 *
 * <p>The common fields stand first and always in this order: {@code t} type, {@code s} stage,
 * {@code u} user, {@code p} participant, {@code v} schema version; then those of the type; then
 * {@code why}, which tells the reason of a leave or an expiry; then what readers skip ({@code
 * rid}). The scripts read by position, so the order is part of the format.
 *
 * <p>Decoding never throws: whoever reads a log must be able to step over what cannot be read.
 */
public final class EventCodec {
  /**
   * The schema version written. A reader also knows what to do with the next one: stop before it.
   */
  public static final int VERSION = 1;

  private static final String WRITTEN_VERSION = Integer.toString(VERSION);
  private static final String NEXT_VERSION = Integer.toString(VERSION + 1);
  private static final int COMMON_FIELDS = 5;
  private static final Pattern GATEWAY = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");

  private EventCodec() {}

  /** What an entry's fields turned out to be. */
  public sealed interface Decoded {
    /** An event of a known type. */
    record Event(ViewerEvent event) implements Decoded {}

    /** A type that came later than this reader, in a version it knows: skipped. */
    record Ignored(String type) implements Decoded {}

    /** Written one version ahead: the reader stops before it and a newer one goes on. */
    record TooNew() implements Decoded {}

    /** Not an event at all: a dead letter. */
    record Unreadable(String reason) implements Decoded {}
  }

  /**
   * The fields of an event, name and value in turn.
   *
   * @param event what happened
   * @param trailing further name and value pairs that readers skip, such as {@code why}
   */
  public static String[] encode(ViewerEvent event, String... trailing) {
    List<String> fields = new ArrayList<>();
    if (event instanceof Joined e) {
      ofViewer(fields, "join", e);
    } else if (event instanceof Heartbeat e) {
      ofViewer(fields, "heartbeat", e);
    } else if (event instanceof Left e) {
      ofViewer(fields, "leave", e);
      why(fields, e.reason());
    } else if (event instanceof Expired e) {
      ofViewer(fields, "expire", e);
      add(fields, "seen", Long.toString(e.seenMillis()));
      why(fields, e.reason());
    } else if (event instanceof Banned e) {
      common(fields, "ban", "", e.user().value(), "");
    } else if (event instanceof Unbanned e) {
      common(fields, "unban", "", e.user().value(), "");
    } else if (event instanceof PublisherLive e) {
      common(fields, "publisher", e.stage().value(), e.user().value(), e.participant().value());
      add(fields, "state", "live");
      evidence(fields, e.evidence(), e.atMillis());
    } else if (event instanceof PublisherOffline e) {
      common(fields, "publisher", "", "", e.participant());
      add(fields, "state", "offline");
      evidence(fields, e.evidence(), e.atMillis());
    } else if (event instanceof Ticked e) {
      common(fields, "tick", "", e.gateway(), "");
    } else if (event instanceof SaidBye e) {
      common(fields, "bye", "", e.gateway(), "");
    } else if (event instanceof Credited) {
      common(fields, "credit", "", "", "");
    } else {
      throw new AssertionError("no encoding for " + event);
    }
    fields.addAll(Arrays.asList(trailing));
    return fields.toArray(String[]::new);
  }

  private static void ofViewer(List<String> fields, String type, OfViewer event) {
    common(
        fields, type, event.stage().value(), event.user().value(), event.presence().participant());
    add(fields, "a", event.presence().admission());
  }

  private static void common(
      List<String> fields, String type, String stage, String user, String participant) {
    add(fields, "t", type);
    add(fields, "s", stage);
    add(fields, "u", user);
    add(fields, "p", participant);
    add(fields, "v", WRITTEN_VERSION);
  }

  private static void why(List<String> fields, EndReason reason) {
    if (!reason.why().isEmpty()) {
      add(fields, "why", reason.why());
    }
  }

  private static void evidence(List<String> fields, PublisherEvidence evidence, long atMillis) {
    add(fields, "evidence", evidence.wireName());
    if (atMillis > 0) {
      add(fields, "at", Long.toString(atMillis));
    }
  }

  private static void add(List<String> fields, String name, String value) {
    fields.add(name);
    fields.add(value);
  }

  /**
   * Reads an entry exactly as {@code drain.lua} does.
   *
   * @param raw field names and values in turn, as bytes: what is not UTF-8 must not pass for what
   *     is
   */
  public static Decoded decode(List<byte[]> raw) {
    Fields fields = new Fields(raw);
    if (!fields.hasCommonNames()) {
      return new Decoded.Unreadable("fields");
    }
    if (fields.isText(4, NEXT_VERSION)) {
      return new Decoded.TooNew();
    }
    if (!fields.isText(4, WRITTEN_VERSION)) {
      return new Decoded.Unreadable("version");
    }
    try {
      return decodeKnownVersion(fields);
    } catch (IllegalArgumentException e) {
      return new Decoded.Unreadable("invalid");
    }
  }

  private static Decoded decodeKnownVersion(Fields f) {
    String type = f.asciiValue(0);
    return switch (type) {
      case "join" -> event(new Joined(f.stage(), f.user(), f.presence()));
      case "heartbeat" -> event(new Heartbeat(f.stage(), f.user(), f.presence()));
      case "leave" -> event(new Left(f.stage(), f.user(), f.presence(), f.leave()));
      case "expire" -> event(new Expired(f.stage(), f.user(), f.presence(), f.seen(), f.expiry()));
      case "ban" -> event(new Banned(f.user()));
      case "unban" -> event(new Unbanned(f.user()));
      case "tick" -> event(new Ticked(f.gateway()));
      case "bye" -> event(new SaidBye(f.gateway()));
      case "credit" -> event(new Credited());
      case "publisher" -> event(publisher(f));
      default -> new Decoded.Ignored(type);
    };
  }

  private static Decoded event(ViewerEvent event) {
    return new Decoded.Event(event);
  }

  private static ViewerEvent publisher(Fields f) {
    if (!f.isName(5, "state") || !f.isName(6, "evidence")) {
      throw new IllegalArgumentException("fields");
    }
    PublisherEvidence evidence =
        PublisherEvidence.ofWireName(f.asciiValue(6))
            .orElseThrow(() -> new IllegalArgumentException("evidence"));
    return switch (f.asciiValue(5)) {
      case "live" ->
          new PublisherLive(
              f.stage(), f.user(), new ParticipantId(f.asciiValue(3)), evidence, f.at());
      case "offline" ->
          new PublisherOffline(new PresenceId(f.asciiValue(3), "").participant(), evidence, f.at());
      default -> throw new IllegalArgumentException("state");
    };
  }

  /** The fields by position; a position that does not exist reads as one that does not fit. */
  private record Fields(List<byte[]> raw) {
    private static final String[] COMMON = {"t", "s", "u", "p", "v"};

    boolean hasCommonNames() {
      if (raw.size() < 2 * COMMON_FIELDS) {
        return false;
      }
      for (int i = 0; i < COMMON_FIELDS; i++) {
        if (!isName(i, COMMON[i])) {
          return false;
        }
      }
      return true;
    }

    boolean isName(int index, String name) {
      return 2 * index + 1 < raw.size() && latin1(2 * index).equals(name);
    }

    boolean isText(int index, String text) {
      return asciiValue(index).equals(text);
    }

    /** A value that is only ever compared with, or checked to be, ASCII. */
    String asciiValue(int index) {
      return latin1(2 * index + 1);
    }

    StageArn stage() {
      return new StageArn(asciiValue(1));
    }

    UserId user() {
      try {
        return new UserId(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.get(5))).toString());
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("user", e);
      }
    }

    PresenceId presence() {
      return new PresenceId(asciiValue(3), isName(5, "a") ? asciiValue(5) : "");
    }

    long seen() {
      if (!isName(5, "a") || !isName(6, "seen") || !MILLIS.matcher(asciiValue(6)).matches()) {
        throw new IllegalArgumentException("seen");
      }
      return Long.parseLong(asciiValue(6));
    }

    EndReason leave() {
      return EndReason.ofLeave(isName(6, "why") ? asciiValue(6) : "");
    }

    EndReason expiry() {
      return EndReason.ofExpiry(isName(7, "why") ? asciiValue(7) : "");
    }

    /** 0 when it is not told: what stands there instead is for other readers. */
    long at() {
      if (!isName(7, "at")) {
        return 0;
      }
      if (!MILLIS.matcher(asciiValue(7)).matches()) {
        throw new IllegalArgumentException("at");
      }
      return Long.parseLong(asciiValue(7));
    }

    String gateway() {
      String text = asciiValue(2);
      if (!GATEWAY.matcher(text).matches()) {
        throw new IllegalArgumentException("gateway");
      }
      return text;
    }

    private String latin1(int position) {
      return new String(raw.get(position), StandardCharsets.ISO_8859_1);
    }
  }
}
