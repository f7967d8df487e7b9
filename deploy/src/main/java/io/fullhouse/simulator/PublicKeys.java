package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.UUID;

/** The public-key operations. Thread-safe. */
final class PublicKeys {
  private final ResourceTable<PublicKey> table;
  private final String arnPrefix;
  private final Limits limits;
  private final Lists lists;

  PublicKeys(String arnPrefix, ResourceTable<PublicKey> table, Limits limits, Lists lists) {
    this.arnPrefix = arnPrefix + "public-key/";
    this.table = table;
    this.limits = limits;
    this.lists = lists;
  }

  Map<Operation, Work> works() {
    return Map.of(
        Operation.IMPORT_PUBLIC_KEY, this::importKey,
        Operation.GET_PUBLIC_KEY, this::get,
        Operation.DELETE_PUBLIC_KEY, this::delete,
        Operation.LIST_PUBLIC_KEYS, this::list);
  }

  private synchronized ObjectNode importKey(Call call) {
    Input input = call.input();
    P384PublicKey key =
        P384PublicKey.read("publicKeyMaterial", input.required("publicKeyMaterial", TextRule.ANY));
    String name = input.text("name", TextRule.NAME).orElse("");
    Map<String, String> tags = Tags.read(input);
    refuseSecondImport(key);
    PublicKey imported = new PublicKey(arnPrefix + UUID.randomUUID(), name, key, tags);
    table.add(imported, limits.get(Limit.MAX_PUBLIC_KEYS));
    return answer(imported);
  }

  /** ConflictException is declared for ImportPublicKey without a reason; this is the likely one. */
  private void refuseSecondImport(P384PublicKey key) {
    if (table.all().stream().anyMatch(known -> known.key().key().equals(key.key()))) {
      throw new Refusal(AwsError.conflict("The public key has already been imported"));
    }
  }

  private ObjectNode get(Call call) {
    return answer(table.get(arn(call)));
  }

  private ObjectNode delete(Call call) {
    table.remove(arn(call));
    return Json.object();
  }

  private ObjectNode list(Call call) {
    return lists.answer(
        call.input(), Operation.LIST_PUBLIC_KEYS, "publicKeys", table, PublicKey::summary);
  }

  private static String arn(Call call) {
    return call.input().required("arn", TextRule.PUBLIC_KEY_ARN);
  }

  private static ObjectNode answer(PublicKey key) {
    ObjectNode answer = Json.object();
    answer.set("publicKey", key.toJson());
    return answer;
  }
}
