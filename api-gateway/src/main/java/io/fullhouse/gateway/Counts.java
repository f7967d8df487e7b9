package io.fullhouse.gateway;

/**
 * @param ofStage viewers of one stage
 * @param total viewers of the broadcast
 */
record Counts(long ofStage, long total) {
  Counts atLeastOne() {
    return new Counts(Math.max(1, ofStage), Math.max(1, total));
  }
}
