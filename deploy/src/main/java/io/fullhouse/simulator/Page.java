package io.fullhouse.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Predicate;

/** Some of a list, and the token that asks for those behind them. */
record Page<T>(List<T> items, Optional<String> nextToken) {

  static <T> Page<T> empty() {
    return new Page<>(List.of(), Optional.empty());
  }

  static <T> Page<T> of(NavigableMap<Long, T> byPlace, PageRequest request) {
    return of(byPlace, request, item -> true);
  }

  /**
   * Stays correct while items come and go: the next page starts behind the last one shown.
   *
   * @param byPlace all items, by a place that never changes
   */
  static <T> Page<T> of(NavigableMap<Long, T> byPlace, PageRequest request, Predicate<T> wanted) {
    List<T> shown = new ArrayList<>();
    long last = request.after();
    for (Map.Entry<Long, T> entry : byPlace.tailMap(last, false).entrySet()) {
      if (wanted.test(entry.getValue())) {
        if (shown.size() == request.size()) {
          return new Page<>(shown, Optional.of(request.tokenForNext(last)));
        }
        shown.add(entry.getValue());
        last = entry.getKey();
      }
    }
    return new Page<>(shown, Optional.empty());
  }
}
