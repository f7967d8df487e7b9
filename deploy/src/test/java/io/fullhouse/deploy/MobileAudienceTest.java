package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Seven minutes of 20,000 viewers on mobile networks, in simulated time and by the services' own
 * scripts: at every second the numbers are those of an oracle that only knows what was accepted.
 *
 * <p>{@code -Dfullhouse.mobile.viewers} and {@code -Dfullhouse.mobile.minutes} make it larger,
 * {@code -Dfullhouse.seed} repeats one.
 */
@ExtendWith(RedisExtension.class)
final class MobileAudienceTest {
  private static final int VIEWERS = Integer.getInteger("fullhouse.mobile.viewers", 20_000);
  private static final int END = 60 * Integer.getInteger("fullhouse.mobile.minutes", 7);
  private static final double LOST = 0.02;
  private static final int ARRIVAL = 30;
  private static final int BACKGROUND = 300;
  private static final int TUNNEL = 35;
  private static final int LEAVING_AT_ONCE = 1_000;

  /** Long enough for everybody to be heard twice. */
  private static final int CALM = 45;

  private final long seed = Long.getLong("fullhouse.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final Redis redis;
  private final RedisKeys keys = MobileHouse.keys();
  private final MobileHouse house;
  private final MobileAudience audience;

  MobileAudienceTest(Redis redis) {
    this.redis = redis;
    this.house = new MobileHouse(redis, keys);
    this.audience = new MobileAudience(house, seed, LOST);
  }

  @Test
  void nobody_expires_who_was_heard_nobody_counts_twice_and_nobody_is_stuck() {
    house.open();
    for (int i = 0; i < VIEWERS; i++) {
      MobileDevice device = new MobileDevice("u" + i);
      int arrives = 1 + random.nextInt(ARRIVAL);
      audience.at(arrives, () -> audience.open(device));
      plan(device);
    }
    try {
      passUntil(END - CALM);
      audience.calmDown();
      passUntil(END);
      assertThat(audience.falseExpiries).as("false expiries").isEmpty();
      assertThat(audience.ghosts).as("silent for long, and counted still").isEmpty();
      assertThat(audience.stuck).as("told to stop though they are the newest").isEmpty();
      everybodyIsCountedOnce();
      everybodyLeaves();
    } catch (AssertionError e) {
      throw new AssertionError("with -Dfullhouse.seed=" + seed, e);
    }
    System.out.printf(
        "MobileAudienceTest: seed %d: %d viewers, %d s, %d heartbeats; %d expired (the"
            + " brake acted %d times), %d healed, %d devices superseded%n",
        seed,
        VIEWERS,
        END,
        audience.beats,
        audience.expired,
        house.credits(),
        audience.healed,
        audience.superseded);
    assertThat(audience.expired).as("sleepers").isGreaterThan(VIEWERS / 20);
    assertThat(audience.healed).isGreaterThan(VIEWERS / 40);
    assertThat(audience.superseded).isGreaterThan(VIEWERS / 40);
  }

  /** What will happen to one viewer: most just watch. */
  private void plan(MobileDevice device) {
    int dice = random.nextInt(100);
    int when = ARRIVAL + 10 + random.nextInt(END - CALM - BACKGROUND - ARRIVAL - 10);
    if (dice < 12) {
      boolean bySeat = random.nextInt(3) == 0;
      audience.at(when, () -> audience.hide(device, BACKGROUND, bySeat));
    } else if (dice < 22) {
      audience.at(when, () -> audience.hide(device, TUNNEL, false));
    } else if (dice < 30) {
      audience.at(when, () -> reload(device));
    } else if (dice < 36) {
      MobileDevice second = new MobileDevice(device.user);
      audience.at(when, () -> audience.open(second));
    } else if (dice < 42) {
      audience.at(when, () -> stepOut(device));
    }
  }

  /** The page says goodbye or not, and perhaps so late that the new one is there already. */
  private void reload(MobileDevice device) {
    device.end();
    int goodbye = random.nextInt(8);
    if (goodbye == 0) {
      audience.leave(device);
    } else if (goodbye < 4) {
      audience.at(audience.second() + goodbye, () -> audience.leave(device));
    }
    MobileDevice loaded = new MobileDevice(device.user);
    audience.at(audience.second() + 1 + random.nextInt(3), () -> audience.open(loaded));
  }

  private void stepOut(MobileDevice device) {
    if (!device.isSeated()) {
      return;
    }
    device.end();
    audience.leave(device);
    boolean bySeat = random.nextBoolean();
    MobileDevice again = bySeat ? device : new MobileDevice(device.user);
    audience.at(
        audience.second() + 5 + random.nextInt(120),
        () -> {
          if (bySeat) {
            audience.comeBack(again);
          } else {
            audience.open(again);
          }
        });
  }

  private void passUntil(int end) {
    while (audience.second() < end) {
      audience.pass();
      assertThat(house.numbers())
          .as("the numbers in second %d", audience.second())
          .isEqualTo(audience.oracle().numbers());
      if (audience.second() % 60 == 0) {
        assertThat(house.present()).isEqualTo(audience.oracle().seats());
        InstantCounts.read(redis, keys).assertExact();
      }
    }
  }

  private void everybodyIsCountedOnce() {
    Map<String, String> watching = new HashMap<>();
    audience
        .newest()
        .forEach(
            (user, device) -> {
              assertThat(device.isOver()).as(user).isFalse();
              watching.put(user, device.seat().stage());
            });
    assertThat(watching).hasSize(VIEWERS);
    assertThat(house.present()).isEqualTo(watching);
  }

  private void everybodyLeaves() {
    int leaving = 0;
    for (MobileDevice device : audience.newest().values()) {
      audience.leave(device);
      if (++leaving % LEAVING_AT_ONCE == 0) {
        house.fold();
      }
    }
    house.fold();
    assertThat(house.present()).isEmpty();
    InstantCounts counts = InstantCounts.read(redis, keys);
    counts.assertExact();
    assertThat(counts.reserved()).isZero();
    assertThat(counts.stages()).allMatch(stage -> stage.taken() == 0 && stage.held() == 0);
  }
}
