package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.model.EventCodec;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who is on a stage, as we have it, and what IVS says about it put into the log. Thread-safe;
 * throws what Redis throws, and {@link LeaseLostException}, having written nothing, when another
 * scaler acts.
 */
final class SeatedAudience {
  private static final LuaScript CORRECT = LuaScript.load(SeatedAudience.class, "correct.lua");
  private static final LuaScript REPORT = LuaScript.load(SeatedAudience.class, "report.lua");

  /** Redis serves others between two parts. */
  private static final int PART = 500;

  private static final Pattern VALUE =
      Pattern.compile(
          "\\{\"timestamp\":\\d+,\"participantId\":\"([\\w-]*)\",\"joinedAt\":(\\d{1,15}),"
              + "\"admission\":\"(\\w*)\"\\}");
  private static final Pattern JOINING = Pattern.compile("[^|]*\\|[^|]*\\|([\\w-]*)\\|[^|]*");

  /** A place that is offered is held under the participant of its token. */
  private static final Pattern RESERVED = Pattern.compile("\\d+\\|([\\w-]*)\\|.*");

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;

  /** Of one user. */
  record Presence(String participant, String admission, long joinedAtMillis) {}

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  SeatedAudience(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
  }

  /** By user; without those whose value somebody damaged, whom the sweep ends. */
  Map<String, Presence> read(StageArn stage) {
    Map<String, Presence> present = new HashMap<>();
    scan(
        keys.heartbeats(stage),
        (user, value) -> {
          Matcher matcher = VALUE.matcher(value);
          if (matcher.matches()) {
            present.put(
                user,
                new Presence(matcher.group(1), matcher.group(3), Long.parseLong(matcher.group(2))));
          }
        });
    return present;
  }

  /**
   * Participants of those who are present, of all whose join is in the log, and of all who are
   * offered a place; empty when there is somebody of whom it is not known.
   */
  Optional<Set<String>> participants(StageArn stage) {
    Set<String> known = new HashSet<>();
    // In this order: who is folded meanwhile is found at least once.
    scan(keys.viewerReserved(), (user, value) -> known.add(participant(RESERVED, value)));
    known.remove(""); // a seat held for somebody who has no token yet
    scan(keys.viewerJoining(), (user, value) -> known.add(participant(JOINING, value)));
    scan(keys.heartbeats(stage), (user, value) -> known.add(participant(VALUE, value)));
    return known.contains("") ? Optional.empty() : Optional.of(known);
  }

  private static String participant(Pattern pattern, String value) {
    Matcher matcher = pattern.matcher(value);
    return matcher.matches() ? matcher.group(1) : "";
  }

  private void scan(String hash, BiConsumer<String, String> each) {
    scan(redis, hash, each);
  }

  /** All fields of a hash, part by part. */
  static void scan(Redis redis, String hash, BiConsumer<String, String> each) {
    ScanCursor cursor = ScanCursor.INITIAL;
    do {
      MapScanCursor<String, String> part =
          await(redis.commands().hscan(hash, cursor, ScanArgs.Builder.limit(PART)));
      part.getMap().forEach(each);
      cursor = part;
    } while (!cursor.isFinished());
  }

  /** Ends these presences if they are still the same; how many were. */
  long end(StageArn stage, Map<String, Presence> presences) {
    long ended = 0;
    List<String> arguments = head(stage);
    for (Map.Entry<String, Presence> each : presences.entrySet()) {
      Presence presence = each.getValue();
      arguments.addAll(List.of(each.getKey(), presence.participant(), presence.admission()));
      if (arguments.size() >= PART) {
        ended += correct(arguments);
        arguments = head(stage);
      }
    }
    return ended + correct(arguments);
  }

  private List<String> head(StageArn stage) {
    return new ArrayList<>(List.of(token(), stage.value()));
  }

  private long correct(List<String> arguments) {
    return Fenced.await(
        CORRECT.<Long>run(
            redis.commands(), ScriptOutputType.INTEGER, keys, arguments.toArray(String[]::new)));
  }

  /** Puts an event into the log. */
  void report(ViewerEvent event) {
    List<String> arguments = new ArrayList<>();
    arguments.add(token());
    arguments.addAll(List.of(EventCodec.encode(event)));
    Fenced.await(
        REPORT.<Long>run(
            redis.commands(), ScriptOutputType.INTEGER, keys, arguments.toArray(String[]::new)));
  }

  private String token() {
    return lease.get().orElseThrow(LeaseLostException::new);
  }
}
