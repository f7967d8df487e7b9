package io.fullhouse.counter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The fold state at one entry, as it is stored: gzipped JSON. From it, and from the log behind it,
 * every later state can be computed again.
 */
final class Checkpoint {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Checkpoint() {}

  /** The stored form; viewers by stage, then user id. */
  private record Stored(
      int version,
      String position,
      Map<String, String> fold,
      Map<String, Map<String, String>> stages) {}

  static byte[] write(PresenceModel model) {
    Map<String, Map<String, String>> stages = new TreeMap<>();
    model
        .viewers()
        .forEach(
            (user, presence) ->
                stages
                    .computeIfAbsent(presence.stage().value(), stage -> new TreeMap<>())
                    .put(user.value(), presence.toValue()));
    Stored stored = new Stored(VERSION, model.position().toString(), model.foldFields(), stages);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream compressed = new GZIPOutputStream(bytes)) {
      JSON.writeValue(compressed, stored);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is damaged, or of a version this code does not know
   */
  static PresenceModel read(byte[] bytes) {
    Stored stored;
    try (GZIPInputStream compressed = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      stored = JSON.readValue(compressed, Stored.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the checkpoint is not readable JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the checkpoint cannot be decompressed", e);
    }
    if (stored.version() != VERSION) {
      throw new IllegalArgumentException("the checkpoint has version " + stored.version());
    }
    Map<UserId, Presence> viewers = new HashMap<>();
    stored
        .stages()
        .forEach(
            (stage, values) ->
                values.forEach(
                    (user, value) ->
                        viewers.put(
                            new UserId(user), Presence.ofValue(new StageArn(stage), value))));
    return PresenceModel.restore(EntryId.parse(stored.position()), stored.fold(), viewers);
  }
}
