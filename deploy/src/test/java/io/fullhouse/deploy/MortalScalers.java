package io.fullhouse.deploy;

import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.scaler.SteppedScaler;
import io.fullhouse.testing.MutableTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Scalers of a house, one of which acts; each step of it can be its last, or can be held up. Every
 * pass takes five seconds. For one thread.
 */
final class MortalScalers implements AutoCloseable {
  private static final Duration PASS = Duration.ofSeconds(5);

  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(2);

  private final FleetHouse house;
  private final UnaryOperator<SteppedScaler.Site> settings;
  private final Duration interval;

  /** Runs faster than Redis's, and never comes up with it: no stage is made in the future. */
  private final MutableTime time = MutableTime.fromNow();

  private final Deque<SteppedScaler> scalers = new ArrayDeque<>();
  private int alive = 1;
  private final AtomicInteger points = new AtomicInteger();
  private Duration patience = USUAL_PATIENCE;
  private Interruption interruption = point -> {};

  /** What happens to the scaler at a point. */
  interface Interruption {
    /** Nothing. */
    Interruption NONE = point -> {};

    /**
     * Returns when the scaler goes on.
     *
     * @throws Killed when it never does
     */
    void at(int point);
  }

  /** A process that was killed does nothing any more, not even fail. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** All is compared with what IVS has in every pass. */
  MortalScalers(FleetHouse house) {
    this(house, PASS);
  }

  /**
   * @param interval between two comparisons with what IVS has; each new scaler makes one at once
   */
  MortalScalers(FleetHouse house, Duration interval) {
    this(house, UnaryOperator.identity(), interval);
  }

  /**
   * The same.
   *
   * @param settings of scalers that are told more
   */
  MortalScalers(FleetHouse house, UnaryOperator<SteppedScaler.Site> settings, Duration interval) {
    this.house = house;
    this.settings = settings;
    this.interval = interval;
    time.advance(Duration.ofDays(-10));
  }

  /** From now on they wait so long for IVS until they make a call again. */
  void patience(Duration newPatience) {
    patience = newPatience;
  }

  /** From the next start on so many of them are there, one of which acts. */
  void alive(int number) {
    alive = number;
  }

  /** As many scalers as are to be alive, in a house where nothing has happened yet. */
  void startAfresh(Interruption what) {
    house.startAfresh();
    close();
    points.set(0);
    interruption = what;
    while (scalers.size() < alive) {
      scalers.push(newScaler());
    }
  }

  /** How many points there were. */
  int points() {
    return points.get();
  }

  /** The one that does the next pass. */
  SteppedScaler acting() {
    return scalers.element();
  }

  /** The lease of the one that acts is over, and another one takes it. */
  void another() {
    lapse();
    scalers.push(newScaler());
  }

  /**
   * The lease of the one that was killed is over; who stood by takes it, and it is started again.
   */
  private void next() {
    lapse();
    scalers.addLast(newScaler());
  }

  private SteppedScaler newScaler() {
    AtomicBoolean dead = new AtomicBoolean();
    return new SteppedScaler(
        "scaler-" + System.nanoTime(),
        settings.apply(house.site(interval).withPatience(patience)),
        time,
        point -> {
          if (dead.get()) {
            throw new Killed(); // all its threads are
          }
          try {
            interruption.at(points.incrementAndGet());
          } catch (Killed e) {
            dead.set(true);
            throw e;
          }
        });
  }

  private void lapse() {
    RedisAnswer.await(house.redis().commands().del(house.keys().scalerLease()));
  }

  /** A pass of the one that acts, in which it may be killed: then the next pass is another's. */
  void pass() {
    house.count();
    time.advance(PASS);
    SteppedScaler acting = acting();
    try {
      acting.step();
      for (SteppedScaler standby : List.copyOf(scalers)) {
        if (alive > 1 && standby != acting) {
          standby.step();
        }
      }
    } catch (Killed e) {
      replace(acting);
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof Killed)) {
        throw e;
      }
      replace(acting);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void replace(SteppedScaler dead) {
    scalers.remove(dead);
    dead.close();
    next();
  }

  @Override
  public void close() {
    scalers.forEach(SteppedScaler::close);
    scalers.clear();
  }
}
