package io.fullhouse.scaler;

import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says each decision with the numbers behind it when it changes, and counts them all. */
final class DecisionLog {
  private static final Logger log = LoggerFactory.getLogger(DecisionLog.class);

  private final ScalerMetrics metrics;
  private @Nullable ScalingDecision last;

  DecisionLog(ScalerMetrics metrics) {
    this.metrics = metrics;
  }

  /** For one thread. */
  void record(ScalingDecision decision, ScalingInput input, ScalingLimits limits) {
    StageLoad load = input.load();
    metrics.decided(decision, load);
    if (decision.equals(last)) {
      return;
    }
    last = decision;
    log.info(
        "{}: {}; viewers {}, seats taken {} of {}, open stages {}, counts as of {}{}",
        describe(decision),
        decision.reason().text(),
        load.totalViewers(),
        load.taken(),
        (long) load.open() * limits.stageCapacity(),
        load.open(),
        load.position(),
        rest(decision, input));
  }

  /** What is not there is not said: most decisions are about the demand alone. */
  private static String rest(ScalingDecision decision, ScalingInput input) {
    StringBuilder text = new StringBuilder();
    if (input.load().preparing() > 0) {
      text.append(", stages on their way ").append(input.load().preparing());
    }
    if (input.seatsPerSecond() > 0) {
      text.append(String.format(Locale.ROOT, ", joins %.1f/s", input.seatsPerSecond()));
    }
    if (input.floorSeats() > 0) {
      text.append(", pre-warm ").append(input.floorSeats()).append(" seats");
    }
    input.load().unknownVersion().ifPresent(version -> text.append(", version ").append(version));
    decision.limit().ifPresent(limit -> text.append("; no more: ").append(limit.text()));
    return text.toString();
  }

  private static String describe(ScalingDecision decision) {
    if (decision instanceof ScaleOut out) {
      return "scaling out to " + out.desired() + " stages";
    } else if (decision instanceof ScaleIn in) {
      return "draining " + in.stage();
    } else if (decision instanceof Hold) {
      return "holding";
    }
    throw new AssertionError("no words for " + decision);
  }
}
