package io.fullhouse.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The wiring of a simulator.
 *
 * @param handler answers every request
 * @param due is to be called often, from one thread: does what its time has come for
 */
record Services(SimulatorHandler handler, Runnable due) {

  /**
   * Takes what an earlier simulator left, if it shall.
   *
   * @throws UncheckedIOException when it cannot be read, or the account not be saved
   */
  static Services of(SimulatorOptions options, String arnPrefix) {
    InstantSource time = options.time();
    Limits limits = new Limits();
    RateLimits rates = new RateLimits(options.rateLimits(), time);
    Faults faults = new Faults(options.faultSeed());
    CallLog calls = new CallLog();
    Lists lists = new Lists(faults);
    LimitSettings settings = new LimitSettings(rates, limits);
    Account account = Account.open(options.accountFile(), arnPrefix, settings);
    TokenSeal seal = account.seal();
    ResourceTable<Stage> table = account.stages();
    ResourceTable<PublicKey> keys = account.keys();
    Deliveries deliveries = new Deliveries(time, options.faultSeed());
    Venue venue = new Venue(table, limits, time, deliveries::accept);
    Stages stages =
        new Stages(arnPrefix, table, venue, new Tokens(seal, time), limits, lists, time);
    options.stages().forEach(stages::addExisting);
    save(account);
    EventBus events = new EventBus(faults);
    Map<Operation, Work> works = new EnumMap<>(Operation.class);
    works.putAll(stages.works());
    works.putAll(new SessionOperations(venue, limits, lists).works());
    works.putAll(new ReplicationOperations(venue, lists).works());
    works.putAll(new PublicKeys(arnPrefix, keys, limits, lists).works());
    works.putAll(new Tags(List.of(table, keys)).works());
    works.putAll(events.works());
    Steering steering =
        new Steering(
            new StageView(table, venue),
            new ClientSteering(new PassReader(seal, keys, table, time), venue),
            deliveries,
            calls,
            faults,
            settings,
            events);
    Dispatcher dispatcher =
        new Dispatcher(works, faults, rates, limits, calls, options.messageInErrors());
    return new Services(
        new SimulatorHandler(new CallReader(time), dispatcher, steering, account),
        () -> {
          venue.settle();
          deliveries.pump();
        });
  }

  /** The secret must be kept before the first token is issued. */
  private static void save(Account account) {
    try {
      account.save();
    } catch (IOException e) {
      throw new UncheckedIOException("the simulator cannot keep its account: " + e, e);
    }
  }
}
