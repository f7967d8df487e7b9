package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A participant that is to be disconnected, as it stands in a queue ({@code queue_disconnect} in
 * {@code seats.lua}).
 *
 * @param participant empty, or {@code -} the second time: whoever of this user is connected
 * @param ivsUser what IVS calls the user; empty for unknown
 */
record Unwanted(String member, StageArn stage, String participant, String ivsUser, String user) {
  private static final Pattern MEMBER =
      Pattern.compile("([^|]*)\\|([\\w-]{0,64})\\|([^|]*)\\|(.*)", Pattern.DOTALL);

  private static final String AGAIN = "-";

  /** IVS calls the user as we do. */
  private static final String SAME = "=";

  /** Empty when somebody else wrote it. */
  static Optional<Unwanted> of(String member) {
    Matcher parts = MEMBER.matcher(member);
    if (!parts.matches() || !StageArn.isValid(parts.group(1))) {
      return Optional.empty();
    }
    String user = parts.group(4);
    String ivsUser = ivsUser(parts.group(3), user);
    return Optional.of(
        new Unwanted(member, new StageArn(parts.group(1)), parts.group(2), ivsUser, user));
  }

  /** What IVS calls a user, from how a script writes it. */
  static String ivsUser(String written, String user) {
    return written.equals(SAME) ? user : written;
  }

  /** The same of another participant; nobody else is searched for then. */
  static String member(StageArn stage, String participant, String user) {
    return stage + "|" + participant + "||" + user;
  }

  /** Whether the stage is to be searched for its user. */
  boolean isSearch() {
    return participant.isEmpty() || participant.equals(AGAIN);
  }
}
