package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who is on a stage, as IVS has it. One call each, bounded in time; none throws. */
interface StageAudience {
  /** The session that is under way; empty when there is none. */
  IvsAnswer<String> session(StageArn stage);

  /**
   * One page of those who are connected.
   *
   * @param from empty for the first
   */
  IvsAnswer<Page> connected(StageArn stage, String session, Optional<String> from);

  /**
   * Viewers of one user who are connected.
   *
   * @param user as IVS knows it
   * @return their participants, a hundred at most
   */
  IvsAnswer<List<String>> connectedAs(StageArn stage, String session, String user);

  /**
   * Ends the connection of a participant, whose token is then worth nothing.
   *
   * @param reason told to the participant, 128 characters at most
   */
  IvsAnswer<Boolean> disconnect(StageArn stage, String participant, String reason);

  /** IVS's user id of somebody who is or was in the session; empty for none. */
  IvsAnswer<String> userOf(StageArn stage, String session, String participant);

  /**
   * A part of a list.
   *
   * @param next where it goes on; empty at its end
   */
  record Page(List<Connected> participants, Optional<String> next) {}

  /**
   * Somebody who is connected.
   *
   * @param user IVS's user id; empty for none
   * @param published ever in this session
   * @param replica whether it is on another stage in truth
   */
  record Connected(
      String participant, String user, Instant since, boolean published, boolean replica) {
    /** Whether it is there to watch. */
    boolean isViewer() {
      return !published && !replica;
    }
  }
}
