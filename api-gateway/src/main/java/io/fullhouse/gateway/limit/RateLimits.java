package io.fullhouse.gateway.limit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** {@code RATE_LIMITS}, read. Immutable. */
public final class RateLimits {
  private static final Map<RateClass, Rate> DEFAULTS =
      Map.of(
          RateClass.JOIN, Rate.parse("10/m"),
          RateClass.BEAT, Rate.parse("6/m"),
          RateClass.LEAVE, Rate.parse("10/m"),
          RateClass.READ, Rate.parse("20/s"),
          RateClass.BAD, Rate.parse("60/m"));

  private final Map<RateClass, Rate> rates;

  private RateLimits(Map<RateClass, Rate> rates) {
    this.rates = Map.copyOf(rates);
  }

  /**
   * Reads {@code join=10/m,beat=6/m,…}: what is not named keeps its default, {@code read=off} lifts
   * one limit, {@code off} alone lifts all.
   *
   * @param heartbeatInterval as clients are told: whoever obeys is never refused, so heartbeats may
   *     come at least twice as often, whatever stands here
   * @throws IllegalArgumentException with a line for the operator
   */
  public static RateLimits parse(String text, Duration heartbeatInterval) {
    if (text.trim().equals("off")) {
      return new RateLimits(Map.of());
    }
    Map<RateClass, Rate> rates = new EnumMap<>(DEFAULTS);
    for (String entry : text.split(",", -1)) {
      String[] parts = entry.trim().split("=", -1);
      RateClass named =
          RateClass.ofWireName(parts[0])
              .filter(known -> parts.length == 2)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "RATE_LIMITS must be off, or look like join=10/m,beat=6/m,leave=10/m,read=20/s,bad=60/m, not '"
                              + entry.trim()
                              + "'"));
      if (parts[1].equals("off")) {
        rates.remove(named);
      } else {
        rates.put(named, Rate.parse(parts[1]));
      }
    }
    rates.computeIfPresent(
        RateClass.BEAT, (beat, rate) -> rate.atLeastEvery(heartbeatInterval.dividedBy(2)));
    return new RateLimits(rates);
  }

  /** Empty where there is none. */
  public Optional<Rate> of(RateClass what) {
    return Optional.ofNullable(rates.get(what));
  }
}
