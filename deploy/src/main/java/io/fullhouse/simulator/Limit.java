package io.fullhouse.simulator;

import java.util.Arrays;
import java.util.Optional;

/** A number that AWS sets and steering may change; 0 switches it off. */
enum Limit {
  /** AWS service quotas, IVS Real-Time: stages per Region. */
  MAX_STAGES("maxStages", 1_000),
  /** AWS service quotas, IVS Real-Time: public keys per Region. */
  MAX_PUBLIC_KEYS("maxPublicKeys", 3),
  /** AWS service quotas: subscribers per stage. */
  SUBSCRIBERS_PER_STAGE("subscribersPerStage", 10_000),
  /** AWS service quotas: publishers per stage; replicas are taken to count. */
  PUBLISHERS_PER_STAGE("publishersPerStage", 12),
  /** AWS service quotas: concurrent publishers per Region. */
  PUBLISHERS_PER_REGION("publishersPerRegion", 1_000),
  /** AWS service quotas: concurrent subscriptions, publisher to subscriber, per Region. */
  SUBSCRIPTIONS_PER_REGION("subscriptionsPerRegion", 20_000),
  /** AWS service quotas: concurrent replications of a participant. */
  MAX_REPLICAS("maxReplicas", 5),
  /** After the last publisher stopped; AWS says "a few minutes". Off: a session never ends. */
  SESSION_END_MILLIS("sessionEndMillis", 180_000),
  /** Whether those still connected when a session ends stay on the stage; not documented. */
  OUTLIVE_SESSION("outliveSession", 1),
  /** Until IVS takes a broken connection for gone: the web SDK's WebSocket waits 30 s. */
  VANISH_MILLIS("vanishMillis", 30_000),
  /** Of StartParticipantReplication for one who does not publish; not documented. */
  NOT_PUBLISHING_STATUS("notPublishingStatus", 404),
  /** Of StartParticipantReplication beyond a quota; presumed. */
  REPLICA_QUOTA_STATUS("replicaQuotaStatus", 402),
  /** Of a second replication to the same stage; presumed. */
  DUPLICATE_REPLICA_STATUS("duplicateReplicaStatus", 409),
  /** Of a list of something unknown: an error, or 0 for an empty list; not documented. */
  UNKNOWN_LIST_STATUS("unknownListStatus", 404),
  /** How long the answer to CreateStage takes; the stage is there before it. */
  CREATE_STAGE_MILLIS("createStageMillis", 0);

  private final String wireName;
  private final int initial;

  Limit(String wireName, int initial) {
    this.wireName = wireName;
    this.initial = initial;
  }

  String wireName() {
    return wireName;
  }

  int initial() {
    return initial;
  }

  boolean mayBe(int value) {
    return switch (this) {
      case OUTLIVE_SESSION -> value <= 1;
      case NOT_PUBLISHING_STATUS, REPLICA_QUOTA_STATUS, DUPLICATE_REPLICA_STATUS ->
          AwsError.typeOf(value).isPresent();
      case UNKNOWN_LIST_STATUS -> value == 0 || AwsError.typeOf(value).isPresent();
      default -> true;
    };
  }

  static Optional<Limit> named(String wireName) {
    return Arrays.stream(values()).filter(limit -> limit.wireName.equals(wireName)).findFirst();
  }
}
