package io.fullhouse.gateway.openapi;

/** What a route takes as a proof, where an API key alone is not it. */
public enum Proof {
  NONE,
  /** A seat, as a bearer or in the body, or an API key with the scope {@code viewer}. */
  SEAT,
  /** Likewise, but with the scope {@code stats}. */
  SEAT_OR_STATS_KEY,
  INTERNAL_SECRET
}
