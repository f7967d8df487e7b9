package io.fullhouse.deploy;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.model.ViewerEvent.Heartbeat;
import io.fullhouse.model.ViewerEvent.Joined;
import io.fullhouse.model.ViewerEvent.Left;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import io.fullhouse.model.ViewerEvent.SaidBye;
import io.fullhouse.model.ViewerEvent.Ticked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What gateways send for a large audience on a bad network: some of it twice, some of it late, some
 * of it in another order than it happened. The same seed gives the same. Not thread-safe.
 */
final class RestlessAudience {
  private static final int GATEWAYS = 3;
  private static final int REORDERED_WITHIN = 100;

  private final Random random;
  private final List<StageArn> stages;
  private final @Nullable Place[] now;
  private final @Nullable Place[] before;
  private int connections;

  private record Place(StageArn stage, PresenceId presence) {}

  RestlessAudience(long seed, int users, List<StageArn> stages) {
    this.random = new Random(seed);
    this.stages = List.copyOf(stages);
    this.now = new @Nullable Place[users];
    this.before = new @Nullable Place[users];
  }

  /** The next so many that are sent, in the order of sending. */
  List<ViewerEvent> next(int sends) {
    List<ViewerEvent> events = new ArrayList<>(sends);
    while (events.size() < sends) {
      ViewerEvent event = event();
      events.add(event);
      if (oneIn(30) && events.size() < sends) {
        events.add(event);
      }
    }
    for (int i = 0; i < sends; i++) {
      if (oneIn(20)) {
        Collections.swap(events, i, Math.min(sends - 1, i + random.nextInt(REORDERED_WITHIN)));
      }
    }
    return events;
  }

  private ViewerEvent event() {
    int kind = random.nextInt(10_000);
    if (kind < 20) {
      return new Ticked(gateway());
    } else if (kind < 22) {
      return new SaidBye(gateway());
    } else if (kind < 30) {
      return publisher();
    }
    int user = random.nextInt(now.length);
    Place place = now[user];
    return place == null ? ofAbsent(user) : ofPresent(user, place);
  }

  private String gateway() {
    return "gateway-" + random.nextInt(GATEWAYS);
  }

  private ViewerEvent publisher() {
    return oneIn(4)
        ? new PublisherOffline("", PublisherEvidence.OPERATOR)
        : new PublisherLive(
            stages.get(0),
            new UserId("publisher-" + random.nextInt(2)),
            new ParticipantId(connection()),
            PublisherEvidence.TOKEN);
  }

  private ViewerEvent ofAbsent(int user) {
    Place last = before[user];
    if (last != null && oneIn(6)) {
      return oneIn(2)
          ? new Heartbeat(last.stage(), name(user), last.presence())
          : new Left(last.stage(), name(user), last.presence());
    }
    return join(user, new Place(anyStage(), newPresence(user)));
  }

  private ViewerEvent ofPresent(int user, Place place) {
    int kind = random.nextInt(100);
    Place last = before[user];
    if (kind < 12) {
      before[user] = place;
      now[user] = null;
      return new Left(place.stage(), name(user), place.presence());
    } else if (kind < 18) { // another device: a new presence
      return join(user, new Place(anyStage(), newPresence(user)));
    } else if (kind < 25) { // the same presence over a new connection, perhaps elsewhere
      PresenceId same = new PresenceId(connection(), place.presence().admission());
      return join(user, new Place(oneIn(2) ? place.stage() : anyStage(), same));
    } else if (kind < 30 && last != null) {
      return new Left(last.stage(), name(user), last.presence());
    }
    return new Heartbeat(place.stage(), name(user), place.presence());
  }

  private ViewerEvent join(int user, Place place) {
    if (now[user] != null) {
      before[user] = now[user];
    }
    now[user] = place;
    return new Joined(place.stage(), name(user), place.presence());
  }

  private StageArn anyStage() {
    return stages.get(random.nextInt(stages.size()));
  }

  /** One user in twenty has a client that is older than admissions. */
  private PresenceId newPresence(int user) {
    String connection = connection();
    return new PresenceId(connection, user % 20 == 0 ? "" : "a" + connection);
  }

  private String connection() {
    connections++;
    return "p" + connections;
  }

  private static UserId name(int user) {
    return new UserId(user % 10 == 0 ? "zuschauer ü{" + user + "}|:" : "viewer-" + user);
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
