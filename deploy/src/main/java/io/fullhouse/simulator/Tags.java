package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tag operations, over every kind of resource. Thread-safe. */
final class Tags {
  /** API model: at most 50 tags a resource. */
  private static final int MAX_TAGS = 50;

  private final List<ResourceTable<?>> tables;

  Tags(List<ResourceTable<?>> tables) {
    this.tables = List.copyOf(tables);
  }

  Map<Operation, Work> works() {
    return Map.of(
        Operation.TAG_RESOURCE, this::tag,
        Operation.UNTAG_RESOURCE, this::untag,
        Operation.LIST_TAGS_FOR_RESOURCE, this::list);
  }

  /** The {@code tags} of a request that makes or tags something. */
  static Map<String, String> read(Input input) {
    Map<String, String> tags = input.texts("tags");
    String path = input.pathOf("tags");
    tags.forEach(
        (key, value) -> {
          checkKey(path, key);
          TextRule.TAG_VALUE.check(path + "." + key, value);
        });
    checkCount(path, tags.size());
    return tags;
  }

  private static void checkKey(String path, String key) {
    TextRule.TAG_KEY.check(path, key);
    if (key.startsWith("aws:")) {
      // Tagging AWS Resources, "Tag naming limits and requirements".
      throw Input.invalid(path, "must not have keys that begin with aws:");
    }
  }

  private static void checkCount(String path, int count) {
    if (count > MAX_TAGS) {
      throw Input.invalid(path, "must have at most " + MAX_TAGS + " entries");
    }
  }

  private ObjectNode tag(Call call) {
    String arn = arn(call);
    Input input = call.input();
    if (!input.members().contains("tags")) {
      throw Input.invalid("tags", "must not be null");
    }
    Map<String, String> added = read(input);
    tableOf(arn)
        .retag(
            arn,
            tags -> {
              Map<String, String> all = new LinkedHashMap<>(tags);
              all.putAll(added);
              checkCount("tags", all.size());
              return all;
            });
    return Json.object();
  }

  private ObjectNode untag(Call call) {
    String arn = arn(call);
    if (call.tagKeys().isEmpty()) {
      throw Input.invalid("tagKeys", "must not be null");
    }
    checkCount("tagKeys", call.tagKeys().size());
    call.tagKeys().forEach(key -> TextRule.TAG_KEY.check("tagKeys", key));
    tableOf(arn)
        .retag(
            arn,
            tags -> {
              Map<String, String> left = new LinkedHashMap<>(tags);
              call.tagKeys().forEach(left::remove);
              return left;
            });
    return Json.object();
  }

  private ObjectNode list(Call call) {
    String arn = arn(call);
    ObjectNode answer = Json.object();
    answer.set("tags", Json.object(tableOf(arn).get(arn).tags()));
    return answer;
  }

  private static String arn(Call call) {
    return TextRule.RESOURCE_ARN.check("resourceArn", call.resourceArn());
  }

  private ResourceTable<?> tableOf(String arn) {
    return tables.stream()
        .filter(table -> table.find(arn).isPresent())
        .findFirst()
        .orElseThrow(() -> new Refusal(AwsError.notFound("Resource: " + arn + " not found")));
  }
}
