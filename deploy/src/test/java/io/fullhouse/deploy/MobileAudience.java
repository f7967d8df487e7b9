package io.fullhouse.deploy;

import io.fullhouse.deploy.MobileHouse.Seat;
import io.fullhouse.deploy.SeatHouse.Ask;
import io.fullhouse.redis.RedisAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * An audience on mobile networks, second by second: requests and answers are lost, apps sleep for
 * five minutes, pages are loaded anew, users have two devices. For one thread.
 */
final class MobileAudience {
  private static final int TIMEOUT = 60;

  /** The timeout, another one from the brake, a tick and a sweep for each. */
  private static final Duration GONE_WITHIN = Duration.ofSeconds(134);

  private static final int TICK = 2;
  private static final int SWEEP = 5;

  private final MobileHouse house;
  private final AudienceOracle oracle = new AudienceOracle();
  private final Random random;
  private final double lost;
  private final Map<Long, List<Runnable>> agenda = new HashMap<>();
  private final Map<String, MobileDevice> newest = new HashMap<>();
  private List<Wish> wishes = new ArrayList<>();
  private List<MobileDevice> speaking = new ArrayList<>();
  private long second;
  private long clock;
  private boolean calm;
  private int names;

  /** What happened, for the report. */
  int beats;

  int expired;
  int healed;
  int superseded;

  /** What must not happen. */
  final List<String> falseExpiries = new ArrayList<>();

  final List<String> ghosts = new ArrayList<>();

  final List<String> stuck = new ArrayList<>();

  private enum Fate {
    DELIVERED,
    REQUEST_LOST,
    ANSWER_LOST
  }

  /** A seat that is wanted. */
  private record Wish(MobileDevice device, Ask ask, Fate fate) {}

  /**
   * @param lost share of the requests of which either they or their answers are lost
   */
  MobileAudience(MobileHouse house, long seed, double lost) {
    this.house = house;
    this.random = new Random(seed);
    this.lost = lost;
  }

  AudienceOracle oracle() {
    return oracle;
  }

  long second() {
    return second;
  }

  /** Nothing is lost from now on. */
  void calmDown() {
    calm = true;
  }

  /** The device of each user that must be counted. */
  Map<String, MobileDevice> newest() {
    return newest;
  }

  void at(long when, Runnable what) {
    agenda.computeIfAbsent(when, s -> new ArrayList<>()).add(what);
  }

  /** One second, and what everybody does in it. */
  void pass() {
    house.pass(Duration.ofSeconds(1));
    second++;
    if (second % TICK == 0) {
      house.tick();
      clock = house.now();
    }
    List<Runnable> due = agenda.remove(second);
    if (due != null) {
      due.forEach(Runnable::run);
    }
    if (second % 2 == 0) {
      takeSeats();
      speak();
    } else {
      speak();
      takeSeats();
    }
    house.fold();
    if (second % SWEEP == 0) {
      List<String> silent = house.sweep();
      falseExpiries.addAll(oracle.expire(silent, clock));
      ghosts.addAll(oracle.ghosts(GONE_WITHIN, clock));
      expired += silent.size();
      house.fold();
    }
  }

  private Fate fate() {
    double dice = calm ? 1 : random.nextDouble();
    return dice >= lost ? Fate.DELIVERED : dice < lost / 2 ? Fate.REQUEST_LOST : Fate.ANSWER_LOST;
  }

  /** A page is opened: a new presence of its user, which supersedes an older one. */
  void open(MobileDevice device) {
    newest.put(device.user, device);
    String participant = random.nextBoolean() ? name("p") : ""; // else IVS makes the token
    wish(device, ask("join", device.user, participant, name("a"), "", "", false));
  }

  /** It is there again, by its seat. */
  void comeBack(MobileDevice device) {
    device.resume();
    Seat seat = device.seat();
    wish(
        device,
        ask(
            "rejoin",
            seat.user(),
            seat.participant(),
            seat.admission(),
            seat.stage(),
            seat.stage(),
            true));
  }

  void leave(MobileDevice device) {
    if (device.isSeated() && fate() != Fate.REQUEST_LOST) {
      house.leave(device.seat());
      oracle.left(device.seat());
    }
  }

  private void wish(MobileDevice device, Ask ask) {
    Fate fate = fate();
    if (fate == Fate.REQUEST_LOST) {
      again(device, ask);
    } else {
      wishes.add(new Wish(device, ask, fate));
    }
  }

  private void again(MobileDevice device, Ask ask) {
    device.unanswered(second);
    at(device.next(), () -> retry(device, ask));
  }

  private void retry(MobileDevice device, Ask ask) {
    if (device.isOver() || newest.get(device.user) != device) {
      return; // reloaded meanwhile
    }
    if (ask.why().equals("join")) {
      open(device);
    } else {
      comeBack(device);
    }
  }

  private Ask ask(
      String why,
      String user,
      String participant,
      String admission,
      String prefer,
      String bound,
      boolean proven) {
    return new Ask(why, user, participant, admission, "", prefer, "", bound, name("n"), proven);
  }

  private void takeSeats() {
    List<Wish> wanted = wishes;
    wishes = new ArrayList<>();
    List<CompletionStage<List<Object>>> answers =
        wanted.stream().map(wish -> house.seat(wish.ask())).toList();
    for (int i = 0; i < wanted.size(); i++) {
      answered(wanted.get(i), RedisAnswer.await(answers.get(i)));
    }
  }

  private void answered(Wish wish, List<Object> answer) {
    Ask ask = wish.ask();
    String stage = (String) answer.get(1);
    switch ((String) answer.get(0)) {
      case "TAKEN" -> seated(wish, new Seat(ask.user(), stage, ask.participant(), ask.admission()));
      case "HELD" -> {
        Ask withToken =
            new Ask(
                ask.why(),
                ask.user(),
                name("p"),
                ask.admission(),
                stage,
                "",
                "",
                stage,
                ask.nonce(),
                ask.proven());
        at(second + 1, () -> wishes.add(new Wish(wish.device(), withToken, wish.fate())));
      }
      case "SUPERSEDED" -> stopped(wish.device(), "superseded");
      // Its user joined on another device between the hold and the token: told to come back.
      case "CLOSED" -> again(wish.device(), ask);
      default -> throw new AssertionError(wish + " is answered " + answer);
    }
  }

  private void seated(Wish wish, Seat seat) {
    oracle.seated(seat, house.now());
    if (wish.fate() == Fate.ANSWER_LOST) {
      again(wish.device(), wish.ask());
    } else {
      wish.device().joined(seat, second, random);
      appoint(wish.device());
    }
  }

  private void appoint(MobileDevice device) {
    at(
        device.next(),
        () -> {
          if (device.speaks(second)) {
            speaking.add(device);
          }
        });
  }

  /** After a time in which it said nothing, it speaks as soon as it sees the light. */
  void hide(MobileDevice device, int seconds, boolean comesBackBySeat) {
    if (!device.isSeated() || device.isOver()) {
      return;
    }
    device.hide(second + seconds);
    at(
        second + seconds,
        () -> {
          if (device.isOver()) {
            return;
          }
          if (comesBackBySeat) {
            comeBack(device);
          } else {
            device.wakes(second);
            speaking.add(device);
          }
        });
  }

  private void speak() {
    List<MobileDevice> sending = new ArrayList<>();
    List<Fate> fates = new ArrayList<>();
    for (MobileDevice device : speaking) {
      Fate fate = fate();
      if (fate == Fate.REQUEST_LOST) {
        device.unanswered(second);
        appoint(device);
      } else {
        sending.add(device);
        fates.add(fate);
      }
    }
    speaking = new ArrayList<>();
    beats += sending.size();
    List<Boolean> found = house.beat(sending.stream().map(MobileDevice::seat).toList());
    sending.forEach(device -> oracle.heard(device.seat(), house.now()));
    List<MobileDevice> missing = new ArrayList<>();
    List<Fate> theirFates = new ArrayList<>();
    for (int i = 0; i < sending.size(); i++) {
      if (found.get(i)) {
        answered(sending.get(i), fates.get(i));
      } else {
        missing.add(sending.get(i));
        theirFates.add(fates.get(i));
      }
    }
    heal(missing, theirFates);
  }

  private void answered(MobileDevice device, Fate fate) {
    if (fate == Fate.DELIVERED) {
      device.answered(second, random);
    } else {
      device.unanswered(second);
    }
    appoint(device);
  }

  private void heal(List<MobileDevice> missing, List<Fate> fates) {
    List<CompletionStage<List<Object>>> answers =
        missing.stream().map(MobileDevice::seat).map(this::heal).toList();
    for (int i = 0; i < missing.size(); i++) {
      MobileDevice device = missing.get(i);
      List<Object> answer = RedisAnswer.await(answers.get(i));
      switch ((String) answer.get(0)) {
        case "TAKEN" -> {
          healed++;
          if (device.unansweredFor(second) <= TIMEOUT) {
            falseExpiries.add(device.user + " in second " + second);
          }
          oracle.seated(device.seat(), house.now());
          answered(device, fates.get(i));
        }
        case "HERE" -> answered(device, fates.get(i));
        case "SUPERSEDED", "CLOSED" -> {
          if (fates.get(i) == Fate.DELIVERED) {
            stopped(device, (String) answer.get(0));
          } else {
            answered(device, fates.get(i));
          }
        }
        default -> throw new AssertionError(device.user + " is healed with " + answer);
      }
    }
  }

  private CompletionStage<List<Object>> heal(Seat seat) {
    return house.seat(
        new Ask(
            "heal",
            seat.user(),
            seat.participant(),
            seat.admission(),
            seat.stage(),
            "",
            "",
            seat.stage(),
            name("n"),
            true));
  }

  /** Told to stop; every other one says goodbye all the same. */
  private void stopped(MobileDevice device, String why) {
    superseded++;
    device.end();
    if (newest.get(device.user) == device) {
      stuck.add(device.user + " in second " + second + ": " + why);
    }
    if (random.nextBoolean()) {
      leave(device);
    }
  }

  private String name(String kind) {
    return kind + names++;
  }
}
