package io.fullhouse.gateway.live;

import io.fullhouse.model.EntryId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where the hub has it from. Nothing here waits; each call ends in bounded time, or fails. */
public interface Feed {
  /** The numbers, at most a quarter of a second old. */
  CompletionStage<Picture> recent();

  /** The numbers as they are now. */
  CompletionStage<Picture> fresh();

  /** What happened behind {@code after}, up to {@code to}: some of it, the oldest first. */
  CompletionStage<Page> stages(EntryId after, EntryId to);

  /** Whether something is newer than the picture; comes when it is so, or when the time is over. */
  CompletionStage<Boolean> news(Picture than, Duration within);

  /**
   * The numbers of one instant.
   *
   * @param counts the last entry of the counts that they tell of
   * @param notices the last notice that they tell of
   * @param shown what is compared to see whether anything changed
   * @param json as {@code /api/stats} shows it
   * @param text for sockets
   */
  record Picture(EntryId counts, EntryId notices, Object shown, String json, String text) {}

  /**
   * A part of the notices.
   *
   * @param whole whether nothing behind the asked-for entry is lost
   * @param first the first notice looked at, whatever it tells of
   * @param last and the last; empty: there is none behind the asked-for one
   */
  record Page(
      boolean whole, Optional<EntryId> first, Optional<EntryId> last, List<StageChange> changes) {
    public Page {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A stage opened, drains or is gone.
   *
   * @param id of the notice that tells of it
   */
  record StageChange(EntryId id, String json, String text) {}
}
