package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import java.util.List;
import java.util.function.LongConsumer;

/** Folds a stretch of the log with the model. */
final class LogFold {
  private LogFold() {}

  /**
   * Folds on from the model's position up to and including an entry.
   *
   * @param progress told after each page how many entries were folded so far
   * @return how many
   */
  static long to(EventLog log, PresenceModel model, EntryId upTo, LongConsumer progress) {
    long folded = 0;
    while (true) {
      List<EventLog.Entry> page = log.read(model.position(), upTo);
      if (page.isEmpty()) {
        return folded;
      }
      page.forEach(entry -> model.fold(entry.id(), entry.decoded()));
      folded += page.size();
      progress.accept(folded);
    }
  }
}
