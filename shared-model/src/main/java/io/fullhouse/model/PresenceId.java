package io.fullhouse.model;

import java.util.regex.Pattern;

/**
 * What tells one presence of a user from another one of the same user.
 *
 * @param participant the connection; empty when the sender did not say
 * @param admission the presence itself; empty from clients older than admissions
 */
public record PresenceId(String participant, String admission) {
  private static final Pattern PARTICIPANT = Pattern.compile("[a-zA-Z0-9_-]{0,64}");
  private static final Pattern ADMISSION = Pattern.compile("[a-zA-Z0-9]{0,64}");

  /** Says nothing: matches by stage alone. Stands below the patterns it is checked with. */
  public static final PresenceId UNKNOWN = new PresenceId("", "");

  /**
   * @throws IllegalArgumentException when one of the two is malformed
   */
  public PresenceId {
    if (!PARTICIPANT.matcher(participant).matches()) {
      throw new IllegalArgumentException("participant");
    }
    if (!ADMISSION.matcher(admission).matches()) {
      throw new IllegalArgumentException("admission");
    }
  }

  public static PresenceId of(ParticipantId participant, AdmissionId admission) {
    return new PresenceId(participant.value(), admission.value());
  }

  /**
   * Whether an event that carries {@code this} speaks of the presence {@code present}: by admission
   * where both carry one, else by participant, else (the oldest clients) by stage.
   */
  public boolean matches(PresenceId present, boolean sameStage) {
    if (!admission.isEmpty() && !present.admission.isEmpty()) {
      return admission.equals(present.admission);
    }
    return participant.isEmpty() ? sameStage : participant.equals(present.participant);
  }
}
