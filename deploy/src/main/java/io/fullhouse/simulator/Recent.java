package io.fullhouse.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was put into it longest ago. Not thread-safe. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int kept;

  /**
   * @param kept how many entries there are at most
   */
  Recent(int kept) {
    this.kept = kept;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > kept;
  }
}
