package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.scaler.DisconnectQueue.Outcome;
import io.fullhouse.scaler.StageAudience.Connected;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a listing of a stage tells of those who are to be disconnected. Thread-safe; throws what
 * {@link DisconnectQueue} throws.
 *
 * <p>At the end of a show thousands expire who are gone: they cost no call, as the listing that is
 * made anyway does not show them. Whom it shows is disconnected, and so is a banned user whom it
 * shows under any participant.
 */
final class UnwantedOnStage {
  /** Whoever comes back in time keeps its connection. */
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private static final Pattern BAN =
      Pattern.compile("(\\d{1,15})\\|\\d{1,15}\\|([^|]*)\\|.*", Pattern.DOTALL);

  private final Redis redis;
  private final RedisKeys keys;
  private final DisconnectQueue queue;

  UnwantedOnStage(Redis redis, RedisKeys keys, DisconnectQueue queue) {
    this.redis = redis;
    this.keys = keys;
    this.queue = queue;
  }

  /**
   * Compares those who wait with those who are connected.
   *
   * @param listing of all pages
   */
  void compare(StageListing listing) {
    Set<String> connected = listing.connected().keySet();
    if (connected.isEmpty()) {
      return; // also when no session is under way: nothing follows from it
    }
    Instant settled = listing.begun().minus(SETTLED);
    List<String> gone = new ArrayList<>();
    List<String> there = new ArrayList<>();
    for (Unwanted each : queue.superseded(listing.stage(), settled)) {
      if (!connected.contains(each.participant())) {
        gone.add(each.member());
      }
    }
    for (Unwanted each : queue.expired(listing.stage(), settled)) {
      (connected.contains(each.participant()) ? there : gone).add(each.member());
    }
    queue.write(Outcome.DROP, gone);
    queue.write(Outcome.THERE, there);
    queue.write(Outcome.FOUND, banned(listing));
  }

  /**
   * The token of somebody whom we did not know is dead: whoever comes with its seat gets another.
   */
  void cut(StageArn stage, String participant) {
    queue.write(Outcome.CUT, List.of(Unwanted.member(stage, participant, "")));
  }

  private List<String> banned(StageListing listing) {
    Map<String, String> banned = banned(listing.begun());
    List<String> found = new ArrayList<>();
    for (Connected each : listing.connected().values()) {
      String user = banned.get(each.user());
      if (user != null && each.isViewer()) {
        found.add(Unwanted.member(listing.stage(), each.participant(), user));
      }
    }
    return found;
  }

  /** Users by what IVS calls them. */
  private Map<String, String> banned(Instant now) {
    Map<String, String> banned = new HashMap<>();
    SeatedAudience.scan(
        redis,
        keys.viewerBanned(),
        (user, ban) -> {
          Matcher parts = BAN.matcher(ban);
          if (parts.matches() && !parts.group(2).isEmpty()) {
            long until = Long.parseLong(parts.group(1));
            if (until == 0 || until > now.toEpochMilli()) {
              banned.put(Unwanted.ivsUser(parts.group(2), user), user);
            }
          }
        });
    return banned;
  }
}
