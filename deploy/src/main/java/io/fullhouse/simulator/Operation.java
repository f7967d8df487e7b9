package io.fullhouse.simulator;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The operations answered, with the calls a second AWS allows an account in a Region.
 *
 * <p>Rates: AWS service quotas, "API call rate quotas" of IVS Real-Time (not adjustable), and
 * "PutEvents throttle limit" of EventBridge in its largest Regions.
 */
enum Operation {
  CREATE_STAGE("CreateStage", 5),
  GET_STAGE("GetStage", 5),
  UPDATE_STAGE("UpdateStage", 5),
  DELETE_STAGE("DeleteStage", 5),
  LIST_STAGES("ListStages", 5),
  CREATE_PARTICIPANT_TOKEN("CreateParticipantToken", 50),
  DISCONNECT_PARTICIPANT("DisconnectParticipant", 5),
  LIST_STAGE_SESSIONS("ListStageSessions", 5),
  GET_STAGE_SESSION("GetStageSession", 5),
  LIST_PARTICIPANTS("ListParticipants", 5),
  GET_PARTICIPANT("GetParticipant", 5),
  LIST_PARTICIPANT_EVENTS("ListParticipantEvents", 5),
  /** The three of replication are not in the table of rates: taken to be as the others. */
  START_PARTICIPANT_REPLICATION("StartParticipantReplication", 5),
  STOP_PARTICIPANT_REPLICATION("StopParticipantReplication", 5),
  LIST_PARTICIPANT_REPLICAS("ListParticipantReplicas", 5),
  IMPORT_PUBLIC_KEY("ImportPublicKey", 3),
  GET_PUBLIC_KEY("GetPublicKey", 3),
  DELETE_PUBLIC_KEY("DeletePublicKey", 3),
  LIST_PUBLIC_KEYS("ListPublicKeys", 3),
  TAG_RESOURCE("TagResource", 10, Route.TAGS),
  UNTAG_RESOURCE("UntagResource", 10, Route.TAGS),
  LIST_TAGS_FOR_RESOURCE("ListTagsForResource", 10, Route.TAGS),
  PUT_EVENTS("PutEvents", 10_000, Route.TARGET);

  /** How a request says which operation it wants. */
  enum Route {
    /** {@code POST /<name>}. */
    PATH,
    /** The method on {@code /tags/<arn>}. */
    TAGS,
    /** {@code POST /} with the header {@code X-Amz-Target}. */
    TARGET
  }

  private static final Set<Operation> PAGED =
      Set.of(
          LIST_STAGES,
          LIST_PUBLIC_KEYS,
          LIST_STAGE_SESSIONS,
          LIST_PARTICIPANTS,
          LIST_PARTICIPANT_EVENTS,
          LIST_PARTICIPANT_REPLICAS);

  private static final Map<String, Operation> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Operation::wireName, Function.identity()));

  private final String wireName;
  private final int callsPerSecond;
  private final Route route;

  Operation(String wireName, int callsPerSecond) {
    this(wireName, callsPerSecond, Route.PATH);
  }

  Operation(String wireName, int callsPerSecond, Route route) {
    this.wireName = wireName;
    this.callsPerSecond = callsPerSecond;
    this.route = route;
  }

  /** The name in paths, headers and steering; case-sensitive there. */
  String wireName() {
    return wireName;
  }

  int callsPerSecond() {
    return callsPerSecond;
  }

  /** Whether its answer comes in pages. */
  boolean isPaged() {
    return PAGED.contains(this);
  }

  /** API model: what maxResults may be at most. */
  int maxResults() {
    return this == LIST_PARTICIPANT_REPLICAS ? 50 : 100;
  }

  static Optional<Operation> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }

  static Optional<Operation> named(String wireName, Route route) {
    return named(wireName).filter(operation -> operation.route == route);
  }
}
