package io.fullhouse.scaler;

/**
 * What came of a call to IVS.
 *
 * @param <T> what IVS answers when it does as asked
 */
sealed interface IvsAnswer<T> {
  /** Why IVS refused. */
  enum Kind {
    /** There is no such stage, session or participant. */
    NOT_FOUND,
    /** It is so already, or something else is under way. */
    CONFLICT,
    /** A quota of the account or of the participant is used up. */
    QUOTA,
    /** Anything else that asking again does not help: input, permissions, an unverified account. */
    OTHER
  }

  /** Done. */
  record Done<T>(T value) implements IvsAnswer<T> {}

  /** Not done, and why. */
  record Refused<T>(Kind kind, String reason) implements IvsAnswer<T> {}

  /** Perhaps done: no answer, a failing or throttling service, or no budget left for the call. */
  record Unclear<T>(String reason) implements IvsAnswer<T> {}

  /** Whether IVS refused for this reason. */
  default boolean is(Kind kind) {
    return this instanceof Refused<T> refused && refused.kind() == kind;
  }

  /** For people: empty when it was done. */
  default String reason() {
    if (this instanceof Refused<T> refused) {
      return refused.reason();
    }
    return this instanceof Unclear<T> unclear ? unclear.reason() : "";
  }
}
