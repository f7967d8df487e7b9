package io.fullhouse.simulator;

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

  static Services of(SimulatorOptions options, String arnPrefix) {
    InstantSource time = options.time();
    Limits limits = new Limits();
    RateLimits rates = new RateLimits(options.rateLimits(), time);
    Faults faults = new Faults(options.faultSeed());
    CallLog calls = new CallLog();
    Lists lists = new Lists(faults);
    TokenSeal seal = new TokenSeal();
    ResourceTable<Stage> table = new ResourceTable<>("Stage", Stage::withTags);
    Deliveries deliveries = new Deliveries(time, options.faultSeed());
    Venue venue = new Venue(table, limits, time, deliveries::accept);
    Stages stages =
        new Stages(arnPrefix, table, venue, new Tokens(seal, time), limits, lists, time);
    options.stages().forEach(stages::addExisting);
    PublicKeys keys = new PublicKeys(arnPrefix, limits, lists);
    EventBus events = new EventBus(faults);
    Map<Operation, Work> works = new EnumMap<>(Operation.class);
    works.putAll(stages.works());
    works.putAll(new SessionOperations(venue, limits, lists).works());
    works.putAll(new ReplicationOperations(venue, lists).works());
    works.putAll(keys.works());
    works.putAll(new Tags(List.of(table, keys.table())).works());
    works.putAll(events.works());
    Steering steering =
        new Steering(
            new StageView(table, venue),
            new ClientSteering(new PassReader(seal, keys.table(), table, time), venue),
            deliveries,
            calls,
            faults,
            new LimitSettings(rates, limits),
            events);
    Dispatcher dispatcher =
        new Dispatcher(works, faults, rates, limits, calls, options.messageInErrors());
    return new Services(
        new SimulatorHandler(new CallReader(time), dispatcher, steering),
        () -> {
          venue.settle();
          deliveries.pump();
        });
  }
}
