package io.fullhouse.simulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Takes a call through faults, rate limit and work, in this order, and into the log. Thread-safe.
 */
final class Dispatcher {
  private final Map<Operation, Work> works = new EnumMap<>(Operation.class);
  private final Faults faults;
  private final RateLimits rates;
  private final Limits limits;
  private final CallLog log;
  private final boolean messageInErrors;

  /**
   * Makes one.
   *
   * @param works what each operation does; none may be missing
   * @param messageInErrors see {@link Protocol#error}
   */
  Dispatcher(
      Map<Operation, Work> works,
      Faults faults,
      RateLimits rates,
      Limits limits,
      CallLog log,
      boolean messageInErrors) {
    this.works.putAll(works);
    if (this.works.size() != Operation.values().length) {
      throw new IllegalArgumentException("only these operations have work: " + works.keySet());
    }
    this.faults = faults;
    this.rates = rates;
    this.limits = limits;
    this.log = log;
    this.messageInErrors = messageInErrors;
  }

  Outcome dispatch(Call call) {
    Optional<Fault> fault = faults.take(call.operation());
    Optional<Fault.Kind> kind = fault.map(Fault::kind);
    Duration delay = fault.map(Fault::delay).orElse(Duration.ZERO);
    if (kind.equals(Optional.of(Fault.Kind.HANG))) {
      log.add(call, OptionalInt.empty(), kind);
      return new Outcome.Hung();
    }
    Answer answer =
        kind.equals(Optional.of(Fault.Kind.ERROR)) || kind.equals(Optional.of(Fault.Kind.THROTTLE))
            ? error(call, fault.orElseThrow().error(call.protocol()))
            : carryOut(call);
    log.add(call, OptionalInt.of(answer.status()), kind);
    return kind.equals(Optional.of(Fault.Kind.LOST_ANSWER))
        ? new Outcome.Dropped(delay)
        : new Outcome.Sent(answer, delay.plus(usualDelay(call)));
  }

  private Answer carryOut(Call call) {
    try {
      Operation operation =
          call.operation().orElseThrow(() -> new Refusal(AwsError.unknownOperation(call.name())));
      if (!rates.admits(operation)) {
        throw new Refusal(AwsError.throttled());
      }
      return call.protocol()
          .result(Objects.requireNonNull(works.get(operation)).carryOut(call), call.requestId());
    } catch (Refusal refusal) {
      return error(call, refusal.error());
    }
  }

  private Answer error(Call call, AwsError error) {
    return call.protocol().error(error, call.requestId(), messageInErrors);
  }

  private Duration usualDelay(Call call) {
    return call.operation().equals(Optional.of(Operation.CREATE_STAGE))
        ? Duration.ofMillis(limits.get(Limit.CREATE_STAGE_MILLIS))
        : Duration.ZERO;
  }
}
