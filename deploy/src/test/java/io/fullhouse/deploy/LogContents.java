package io.fullhouse.deploy;

import static org.awaitility.Awaitility.await;

import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * What the log has of the events that an {@link EventWriter} sent.
 *
 * @param firstMissing the first event that is not where Redis acknowledged it; their number when
 *     none is
 * @param repeated entries that are a second copy of an event
 * @param bySweeps entries that nobody sent
 * @param end the last entry
 */
record LogContents(int firstMissing, int repeated, int bySweeps, EntryId end) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PAGE = 1_000;

  /**
   * Reads the whole log.
   *
   * @param acknowledged the entry id of each event, by its {@code rid}
   */
  static LogContents read(Redis redis, RedisKeys keys, List<String> acknowledged) {
    BitSet found = new BitSet();
    int sent = 0;
    int bySweeps = 0;
    String last = EntryId.ZERO.toString();
    List<StreamMessage<String, String>> page = page(redis, keys, last);
    while (!page.isEmpty()) {
      for (StreamMessage<String, String> entry : page) {
        last = entry.getId();
        String number = entry.getBody().getOrDefault("rid", "");
        if (number.isEmpty()) {
          bySweeps++;
        } else {
          sent++;
          if (acknowledged.get(Integer.parseInt(number)).equals(last)) {
            found.set(Integer.parseInt(number));
          }
        }
      }
      page = page(redis, keys, last);
    }
    return new LogContents(
        found.nextClearBit(0), sent - found.cardinality(), bySweeps, EntryId.parse(last));
  }

  /** Redis has a lot to do meanwhile. */
  private static List<StreamMessage<String, String>> page(
      Redis redis, RedisKeys keys, String after) {
    Range<String> rest = Range.from(Boundary.excluding(after), Boundary.unbounded());
    return await()
        .pollDelay(Duration.ZERO) // 300 pages
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(RedisException.class)
        .until(
            () -> RedisAnswer.await(redis.commands().xrange(keys.events(), rest, Limit.from(PAGE))),
            page -> true);
  }
}
