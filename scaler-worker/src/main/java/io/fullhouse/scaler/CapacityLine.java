package io.fullhouse.scaler;

import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Says in one line, at the start, what the limits allow: before the show, not in the middle of it.
 */
final class CapacityLine {
  private CapacityLine() {}

  /**
   * @param sources stages to which a publisher sends by itself
   */
  static String of(ScalingLimits limits, int sources) {
    StageCeiling ceiling = StageCeiling.atStart(limits, sources);
    IvsQuotas quotas = limits.quotas();
    return "can seat %s: %s x %s (%s); api tokens %s/s: %s joins take %s"
        .formatted(
            number((long) ceiling.stages() * limits.stageCapacity()),
            count(ceiling.stages(), "stage"),
            number(limits.stageCapacity()),
            why(ceiling, limits, Math.max(1, sources)),
            number(quotas.tokensPerSecond()),
            number(quotas.subscriptionBudget()),
            time((quotas.subscriptionBudget() - 1) / quotas.tokensPerSecond() + 1));
  }

  private static String why(StageCeiling ceiling, ScalingLimits limits, int sources) {
    IvsQuotas quotas = limits.quotas();
    String missed = "; MAX_STAGES=%d not reachable".formatted(limits.maxStages());
    return switch (ceiling.limit()) {
      case MAX_STAGES -> "MAX_STAGES=" + limits.maxStages();
      case REPLICA_LIMIT ->
          "%s per publisher%s with %s"
              .formatted(
                  count(quotas.replicaLimit(), "replica"),
                  missed,
                  sources == 1 ? "one source" : sources + " sources");
      case SUBSCRIPTION_QUOTA ->
          "SUBSCRIPTION_BUDGET=%d, one for each viewer of a publisher%s"
              .formatted(quotas.subscriptionBudget(), missed);
      case STAGE_QUOTA -> "IVS_STAGES_PER_REGION=%d%s".formatted(quotas.stagesPerRegion(), missed);
    };
  }

  private static String count(int number, String what) {
    return number(number) + " " + what + (number == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String time(long seconds) {
    Duration time = Duration.ofSeconds(seconds);
    StringJoiner text = new StringJoiner(" ").setEmptyValue("0 s");
    part(text, time.toHours(), "h");
    part(text, time.toMinutesPart(), "min");
    part(text, time.toSecondsPart(), "s");
    return text.toString();
  }

  private static void part(StringJoiner text, long number, String unit) {
    if (number > 0) {
      text.add(number(number) + " " + unit);
    }
  }
}
