package io.fullhouse.simulator;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which participants are listed: all, or those that one filter lets through (IVS Real-Time API
 * reference, ListParticipants: "only one can be used").
 *
 * @param text says the same in a word: a page of one filter does not go on with another
 */
record ParticipantFilter(String text, Predicate<Participant> wanted)
    implements Predicate<Participant> {
  private static final String USER_ID = "filterByUserId";
  private static final String PUBLISHED = "filterByPublished";
  private static final String STATE = "filterByState";
  private static final String RECORDING_STATE = "filterByRecordingState";

  private static final String CONNECTED = "CONNECTED";
  private static final String DISABLED = "DISABLED";
  private static final Set<String> STATES = Set.of(CONNECTED, "DISCONNECTED");
  private static final Set<String> RECORDING_STATES =
      Set.of("STARTING", "ACTIVE", "STOPPING", "STOPPED", "FAILED", DISABLED);

  static ParticipantFilter read(Input input) {
    List<ParticipantFilter> given =
        List.of(byUserId(input), byPublished(input), byState(input), byRecordingState(input))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    if (given.size() > 1) {
      throw new Refusal(
          AwsError.validation(
              "Only one of filterByUserId, filterByPublished, filterByState and"
                  + " filterByRecordingState can be used"));
    }
    return given.stream().findFirst().orElse(new ParticipantFilter("", participant -> true));
  }

  @Override
  public boolean test(Participant participant) {
    return wanted.test(participant);
  }

  private static Optional<ParticipantFilter> byUserId(Input input) {
    return input
        .text(USER_ID, TextRule.USER_ID)
        .map(id -> new ParticipantFilter(USER_ID + id, it -> it.userId().equals(id)));
  }

  private static Optional<ParticipantFilter> byPublished(Input input) {
    return input
        .flag(PUBLISHED)
        .map(
            wanted -> new ParticipantFilter(PUBLISHED + wanted, it -> it.hasPublished() == wanted));
  }

  private static Optional<ParticipantFilter> byState(Input input) {
    return oneOf(input, STATE, STATES)
        .map(
            state ->
                new ParticipantFilter(
                    STATE + state, it -> it.isConnected() == state.equals(CONNECTED)));
  }

  /** Nothing is recorded here. */
  private static Optional<ParticipantFilter> byRecordingState(Input input) {
    return oneOf(input, RECORDING_STATE, RECORDING_STATES)
        .map(state -> new ParticipantFilter(RECORDING_STATE + state, it -> state.equals(DISABLED)));
  }

  private static Optional<String> oneOf(Input input, String member, Set<String> values) {
    Optional<String> value = input.text(member, TextRule.ANY);
    if (value.isPresent() && !values.contains(value.get())) {
      throw Input.invalid(input.pathOf(member), "must satisfy enum value set: " + values);
    }
    return value;
  }
}
