package io.fullhouse.redis;

/** What is done with the entries of a stream. Called by one thread at a time. */
public interface StreamHandler {
  /**
   * Handles one entry. It may come again, and after a newer one, so the effect must be safe to
   * repeat. What the handler cannot read, it steps over itself.
   *
   * @throws RuntimeException when the effect failed: the entry comes again
   */
  void handle(StreamEntry entry);

  /**
   * The entry failed as often as it may and will not come again.
   *
   * @param reason what the last attempt said
   */
  void givenUp(StreamEntry entry, String reason);

  /** The consumer group was made, at the first start or because Redis had lost its data. */
  void started();
}
