package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.EventCodec;
import io.fullhouse.model.EventCodec.Decoded;
import java.util.List;

/** One thing that somebody does to the log. */
sealed interface Step {

  /**
   * An entry is appended.
   *
   * @param fields names and values in turn; bytes, as not all that stands in a log is text
   * @param seated whether a gateway took the seat in the same step
   */
  record Append(EntryId id, List<byte[]> fields, boolean seated) implements Step {
    Decoded decoded() {
      return EventCodec.decode(fields);
    }
  }

  /** A gateway holds a seat while it fetches a token. */
  record Reserve(String user, String stage, long untilMillis) implements Step {}
}
