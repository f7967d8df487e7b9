package io.fullhouse.model;

/**
 * One show: its id, and the prefix that all its keys share.
 *
 * @param id in every seat, so that one broadcast's seat is worth nothing in another
 * @param keyPrefix for example {@code ivs:prod:}. On Redis Cluster it holds a hash tag, {@code
 *     {ivs:prod}:}, which puts the whole broadcast into one slot.
 */
public record Broadcast(BroadcastId id, String keyPrefix) {
  /**
   * @throws IllegalArgumentException when the prefix is empty, overlong or not printable ASCII
   */
  public Broadcast {
    if (!keyPrefix.matches("[!-~]{1,64}")) {
      throw new IllegalArgumentException(
          "a key prefix has 1 to 64 printable ASCII characters, not '" + keyPrefix + "'");
    }
  }
}
