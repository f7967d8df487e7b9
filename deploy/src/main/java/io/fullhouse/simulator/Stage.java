package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** A stage. The hosts of its endpoints are those IVS gives, not ours: nothing here answers them. */
record Stage(String arn, String name, Map<String, String> tags, Instant createdAt)
    implements Resource {
  static final String EVENTS_URL = "wss://global.events.live-video.net";

  Stage withName(String newName) {
    return new Stage(arn, newName, tags, createdAt);
  }

  Stage withTags(Map<String, String> newTags) {
    return new Stage(arn, name, newTags, createdAt);
  }

  /** The part of the ARN that is the stage's own. */
  String id() {
    return arn.substring(arn.indexOf('/') + 1);
  }

  String whipUrl() {
    return "https://" + hostLabel() + ".global-bm.whip.live-video.net";
  }

  /** The shape in CreateStage, GetStage and UpdateStage. */
  ObjectNode toJson(String activeSessionId) {
    ObjectNode json = summary(activeSessionId);
    String ingest = hostLabel() + ".global-contribute.live-video.net";
    json.putObject("endpoints")
        .put("events", EVENTS_URL)
        .put("whip", whipUrl())
        .put("rtmp", "rtmp://" + ingest + "/app/")
        .put("rtmps", "rtmps://" + ingest + ":443/app/");
    return json;
  }

  /** The shape in ListStages: no endpoints. An idle stage has an empty session id, not none. */
  ObjectNode summary(String activeSessionId) {
    ObjectNode json = Json.object().put("arn", arn).put("name", name);
    json.put("activeSessionId", activeSessionId);
    json.set("tags", Json.object(tags));
    return json;
  }

  private String hostLabel() {
    return id().toLowerCase(Locale.ROOT);
  }
}
