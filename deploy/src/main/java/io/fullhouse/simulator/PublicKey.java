package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** An imported public key. */
record PublicKey(String arn, String name, P384PublicKey key, Map<String, String> tags)
    implements Resource {

  PublicKey withTags(Map<String, String> newTags) {
    return new PublicKey(arn, name, key, newTags);
  }

  /** The shape in ImportPublicKey and GetPublicKey. */
  ObjectNode toJson() {
    return summary().put("publicKeyMaterial", key.material()).put("fingerprint", key.fingerprint());
  }

  /** The shape in ListPublicKeys: without the key itself. */
  ObjectNode summary() {
    ObjectNode json = Json.object().put("arn", arn).put("name", name);
    json.set("tags", Json.object(tags));
    return json;
  }
}
