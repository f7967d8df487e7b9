package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Everything under {@code /_sim}: looks into the simulator and tells it what to do. */
final class Steering {
  static final String PREFIX = "/_sim";

  /**
   * A steering request.
   *
   * @param query the last value of each parameter
   */
  record Ask(Map<String, String> query, Body body) {
    Input input() {
      return body.input();
    }
  }

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Map<String, Function<Ask, ObjectNode>> routes;
  private final CallLog calls;
  private final Faults faults;
  private final LimitSettings limits;

  Steering(
      StageView stages,
      ClientSteering clients,
      Deliveries deliveries,
      CallLog calls,
      Faults faults,
      LimitSettings limits,
      EventBus events) {
    this.calls = calls;
    this.faults = faults;
    this.limits = limits;
    this.routes = new TreeMap<>(clients.routes());
    this.routes.putAll(deliveries.routes());
    this.routes.putAll(
        Map.of(
            "GET /_sim/stages", ask -> stages.toJson(ask.query()),
            "GET /_sim/calls", this::calls,
            "GET /_sim/faults", ask -> faults.toJson(),
            "POST /_sim/faults", this::addFault,
            "DELETE /_sim/faults", ask -> clearFaults(),
            "GET /_sim/limits", ask -> limits.toJson(),
            "POST /_sim/limits", this::setLimits,
            "GET /_sim/events", ask -> events.toJson()));
  }

  static boolean owns(String path) {
    return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
  }

  /** 200 with what was asked for or is now so; 404 or 400 with a message on a mistake. */
  Answer answer(String method, String path, Ask ask) {
    Function<Ask, ObjectNode> route = routes.get(method + " " + path);
    if (route == null) {
      String message = "no " + method + " " + path + "; there are " + routes.keySet();
      return Answer.json(404, Json.object().put("message", message));
    }
    try {
      return Answer.json(200, route.apply(ask));
    } catch (Refusal refusal) {
      return mistake(refusal.error());
    }
  }

  private static Answer mistake(AwsError error) {
    return Answer.json(
        error.status() == 404 ? 404 : 400,
        Json.object().put("code", error.type()).put("message", error.message()));
  }

  private ObjectNode calls(Ask ask) {
    String op = ask.query().getOrDefault("op", "*");
    Predicate<CallLog.Entry> since = since(ask.query().getOrDefault("since", "0"));
    return calls.toJson(
        entry -> (op.equals("*") || op.equals(entry.call().name())) && since.test(entry));
  }

  /** By time, or by the number of the last call already seen: time may stand still in a test. */
  private static Predicate<CallLog.Entry> since(String text) {
    if (NUMBER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      return entry -> entry.number() > number;
    }
    try {
      Instant start = Instant.parse(text);
      return entry -> !entry.call().at().isBefore(start);
    } catch (DateTimeParseException e) {
      throw new Refusal(
          AwsError.validation(
              "since must be a call number or a time such as 2026-01-01T00:00:00Z"));
    }
  }

  private ObjectNode addFault(Ask ask) {
    Input input = ask.input();
    Fault fault = Fault.read(input);
    OptionalInt times = input.integer("times", 1, Integer.MAX_VALUE);
    faults.add(fault, times);
    return faults.toJson();
  }

  private ObjectNode clearFaults() {
    faults.clear();
    return faults.toJson();
  }

  private ObjectNode setLimits(Ask ask) {
    limits.apply(ask.input());
    return limits.toJson();
  }
}
