package io.fullhouse.redis;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;

/**
 * The data dictionary: every key of a broadcast, and the only place that knows a prefix.
 *
 * <p>The scripts get the prefix alone and append the same suffixes: {@code seats.lua} is this
 * class's twin. Terms: <em>fold</em> is what {@code drain.lua} does, and only it writes what is
 * marked so; {@code stageArn} stands for itself, without braces. A user id is a hash field or a
 * sorted set member, and ends the name of {@link #viewerHistory}, which no other name begins like:
 * it can never name a key of another kind, nor another user's.
 */
public final class RedisKeys {
  private final String prefix;

  private RedisKeys(String prefix) {
    this.prefix = prefix;
  }

  public static RedisKeys of(Broadcast broadcast) {
    return new RedisKeys(broadcast.keyPrefix());
  }

  /** What the scripts are given as their only key: on a cluster it lies in the broadcast's slot. */
  public String prefix() {
    return prefix;
  }

  // Public contract: others read these.

  /** String, integer: the sum of all {@link #viewers}. No TTL. Written by the fold. */
  public String totalViewers() {
    return prefix + "total_viewers";
  }

  /** String, integer: the size of {@link #heartbeats}. No TTL. Written by the fold. */
  public String viewers(StageArn stage) {
    return prefix + "viewers:" + stage;
  }

  /**
   * Hash, user id to {@code {"timestamp":ms,"participantId":"…","joinedAt":ms,"admission":"…"}}:
   * who is present on a stage. No TTL. Written by the fold.
   */
  public String heartbeats(StageArn stage) {
    return prefix + "viewer:heartbeat:" + stage;
  }

  /**
   * String, JSON: a stage's metadata. TTL 3600 s, rewritten while the stage lives; of a stage that
   * was deleted with viewers on it, it stays until then. Written by the scaler, read by the
   * gateway.
   */
  public String stageMetadata(StageArn stage) {
    return prefix + "stage:" + stage;
  }

  /** String, {@code live} or {@code offline}. TTL 86400 s, rewritten while live. By the fold. */
  public String publisherStatus() {
    return prefix + "publisher:status";
  }

  // Streams.

  /**
   * Stream: everything that changes a count, in order. Written by the gateways and the sweep, read
   * by the fold. Trimmed by the counter, only below the oldest of {@link #checkpoints}.
   */
  public String events() {
    return prefix + "events";
  }

  /**
   * Stream: {@code v} version, {@code at} position, {@code total}, {@code publisher}, then stage
   * and count in turn for each stage that changed; absolute values. {@code min}, once it is needed,
   * the oldest version of a reader that understands them ({@link io.fullhouse.model.ViewerCounts}).
   * About the last 10,000. Written by the fold; the scaler reads it with a consumer group.
   */
  public String counts() {
    return prefix + "counts";
  }

  /**
   * Stream: {@code id}, {@code reason}, {@code fields} (MessagePack, at most 4 KiB) of what the
   * fold could not read. About the last 1,000. Written by the fold.
   */
  public String deadLetters() {
    return prefix + "dead-letters";
  }

  /**
   * Stream: {@code notice}, JSON; {@code taken}, seats of its stage that were taken then, or empty.
   * What the scaler tells the world, written with the change it tells of. About the last 10,000.
   * Written by the scaler that holds the lease; read by it and by gateways that somebody watches.
   */
  public String notices() {
    return prefix + "notices";
  }

  /** String, entry id: {@link #notices} up to here need not be sent any more. By the scaler. */
  public String noticesSent() {
    return prefix + "notices:sent";
  }

  // Fold state: a pure function of the log. With the contract's viewer keys, what an audit
  // compares.

  /** Hash, user id to the ARN of the stage of its presence. Written by the fold. */
  public String viewerSeat() {
    return prefix + "viewer:seat";
  }

  /**
   * Hash. {@code clock}, {@code floor}, {@code held}, {@code lost}, {@code offline}: epoch ms;
   * {@code gateway:<id>}: its last tick, epoch ms; {@code publisher:<stage>/<user>}: {@code
   * participant|stage|evidence|since}; {@code heard:<participant>}: the time of what IVS last told
   * of it, epoch ms; {@code at}: the entry these hold for; {@code torn}: a drain is under way, or
   * died. Written by the fold.
   */
  public String fold() {
    return prefix + "fold";
  }

  /** String: the id of the last folded entry. Written by the fold, last of all. */
  public String position() {
    return prefix + "position";
  }

  /** Set: the stages that have viewers, so that nobody needs to scan. Written by the fold. */
  public String viewerStages() {
    return prefix + "viewer:stages";
  }

  // Derived from the log by the fold, and not compared by audits: neighbouring versions may write
  // more or less of it, and nothing is folded from it.

  /**
   * List, JSON of {@link io.fullhouse.model.PastPresence}: the newest 100 presences that are over,
   * the last one first. TTL seven days after it. Written by the fold in the step that ends the
   * presence, read by the gateway. (A sorted set would take more than twice the memory.)
   */
  public String viewerHistory(UserId user) {
    return prefix + "viewer:history:" + user;
  }

  // Admission state: who may take a seat. Written by the seat scripts through seats.lua alone.

  /** Sorted set, open stages by seats taken. The scaler registers, the seat scripts count. */
  public String stages() {
    return prefix + "stages";
  }

  /** Sorted set, closing stages by seats taken: nobody new is seated there. */
  public String stagesClosing() {
    return prefix + "stages:closing";
  }

  /** Hash, user id to {@code id|stage|participant|admission}: the newest join not yet folded. */
  public String viewerJoining() {
    return prefix + "viewer:joining";
  }

  /** Hash, user id to {@code until|nonce|stage}: a seat held while a token is fetched. */
  public String viewerReserved() {
    return prefix + "viewer:reserved";
  }

  /**
   * Sorted set, admission (or participant) by epoch ms: who left or was superseded in the last ten
   * minutes, so that a late heartbeat does not bring them back.
   */
  public String viewerClosed() {
    return prefix + "viewer:closed";
  }

  // Moderation: admission state, too. Written by the ban scripts of the gateway.

  /**
   * Hash, user id to {@code until|since|IVS's user id|reason}: who may not come in. Epoch ms, until
   * 0 without an end; IVS's user id is {@code =} for the same and empty for unknown. The seat
   * script removes a ban that is over.
   */
  public String viewerBanned() {
    return prefix + "viewer:banned";
  }

  /** Sorted set, users of {@link #viewerBanned} by the end of the ban; {@code inf} without. */
  public String viewerBans() {
    return prefix + "viewer:bans";
  }

  /** Sorted set, kicked admission by the epoch ms at which its seat is over anyway. */
  public String viewerKicked() {
    return prefix + "viewer:kicked";
  }

  // Participants that are not wanted on a stage any more. Sorted sets, stage|participant|IVS's user
  // id|user by the epoch ms since when, 20,000 at most; written by the step that makes it so, taken
  // out by the scaler that acts.

  /** Of users who were banned or kicked. By the ban scripts and the fold. */
  public String disconnectBanned() {
    return prefix + "disconnect:banned";
  }

  /** Of admissions that a newer one superseded, and of those below who are there. By the fold. */
  public String disconnectSuperseded() {
    return prefix + "disconnect:superseded";
  }

  /**
   * Of viewers who fell silent; most of them are gone, so IVS is not asked for each. By the fold.
   */
  public String disconnectExpired() {
    return prefix + "disconnect:expired";
  }

  /**
   * Sorted set, participant by epoch ms: whom the scaler disconnected in the last day. Their tokens
   * are dead, so the seat script asks for a new one. 20,000 at most.
   */
  public String disconnected() {
    return prefix + "disconnected";
  }

  // The sweep's index, and the audits' checkpoints.

  /** Sorted set, user id by the epoch ms at which the sweep looks at it again. */
  public String viewerDeadline() {
    return prefix + "viewer:deadline";
  }

  /** Hash, entry id to the compressed fold state there: from these the log can be proven. */
  public String checkpoints() {
    return prefix + "checkpoints";
  }

  /** String with a TTL: which worker writes the next checkpoint. */
  public String checkpointLease() {
    return prefix + "checkpoint:lease";
  }

  // The scaler's own.

  /**
   * Hash, stage ARN to its metadata as in {@link #stageMetadata}: the stages that this broadcast's
   * scaler looks after. No TTL. Written by the scaler that holds the lease.
   */
  public String scalerFleet() {
    return prefix + "scaler:fleet";
  }

  /**
   * Hash, stage ARN to {@code source|participant}: from which stage an operator wants it to be fed,
   * and who published there then. Ends when the stage, or the source, drains for good or is
   * deleted. Written and read by the scaler that holds the lease.
   */
  public String scalerPins() {
    return prefix + "scaler:pins";
  }

  /** String with a TTL, {@code epoch ms|holder}: which scaler acts; every write of it says so. */
  public String scalerLease() {
    return prefix + "scaler:lease";
  }

  /** Hash, request id to epoch ms: stages asked of IVS whose answer is not written down yet. */
  public String scalerIntents() {
    return prefix + "scaler:intents";
  }

  /** Hash, fact to what was last told of it: a fact that stays is told once. By the scaler. */
  public String scalerNoticed() {
    return prefix + "scaler:noticed";
  }

  /** String, {@code auto} or {@code hold}; not there: auto. Written at an operator's word. */
  public String scalerMode() {
    return prefix + "scaler:mode";
  }

  /** String, JSON: seats wanted ahead of an audience. Written at an operator's word. */
  public String scalerFloor() {
    return prefix + "scaler:floor";
  }

  /**
   * String, JSON: what the scaler that acts sees, is bound by and decided last. TTL one hour, so
   * that the last word of a scaler that died can be read. Written in each pass.
   */
  public String scalerState() {
    return prefix + "scaler:state";
  }

  /**
   * String: why no further stage is coming although seats are wanted. TTL one minute. Written with
   * {@link #scalerState}; the seat script reads it when it refuses.
   */
  public String scalerLimit() {
    return prefix + "scaler:limit";
  }

  /** Stream, {@code json}: each decision that differs from the one before. About 1,000. */
  public String scalerDecisions() {
    return prefix + "scaler:decisions";
  }

  /**
   * Stream, {@code op} and its fields: what an operator wants done by hand and is not done yet. The
   * scaler removes an entry in the step that answers it.
   */
  public String scalerCommands() {
    return prefix + "scaler:commands";
  }

  /**
   * String, JSON: what came of a command, or that it was begun. TTL ten minutes. Written by the
   * scaler, read by the gateway that waits.
   *
   * @param command id of its entry
   */
  public String scalerAnswer(EntryId command) {
    return prefix + "scaler:answer:" + command;
  }

  /**
   * String, a counter: IVS told that a replication began or ended. Written by the gateway that took
   * the event, read by the scaler, which then asks IVS itself. No TTL.
   */
  public String replicationNews() {
    return prefix + "replication:news";
  }

  /**
   * String, bytes of bucket4j: what is left of a rate limit that all gateways hold together. TTL:
   * until it is full again. Written by the gateways.
   *
   * @param kind of requests
   * @param rate so many in so long: a changed setting begins anew
   * @param subject whose they are: an admission, the name of an API key, or the hash of a user id
   */
  public String limit(String kind, String rate, String subject) {
    return prefix + "limit:" + kind + ":" + rate + ":" + subject;
  }

  /**
   * String: whose ticket it is, {@code key:<name>} or {@code seat:<admission>}. TTL one minute; the
   * gateway that lets its bearer in removes it. Written by the gateways.
   *
   * @param hash of the ticket: SHA-256, in hexadecimal
   */
  public String ticket(String hash) {
    return prefix + "ticket:" + hash;
  }

  // An operator's word to the gateways. No TTL.

  /** String, JSON {@code {"message":"…","since":"…"}}: the doors are closed; not there: open. */
  public String doors() {
    return prefix + "doors";
  }

  /** String, epoch ms: when the broadcast ends or ended. A publisher token after it removes it. */
  public String broadcastEnd() {
    return prefix + "broadcast:end";
  }
}
