package io.fullhouse.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose fields are taken one by one. What is missing or wrong is collected, and
 * {@link #verify} refuses all of it at once. Fields that nobody takes are ignored. Not thread-safe.
 */
public final class RequestBody {
  /** Bytes. A join with the largest ids and attributes has about 2 KiB. */
  static final int MAX_BYTES = 64 * 1024;

  /** IVS Real-Time API reference, CreateParticipantToken: 1 KB in total. */
  private static final int MAX_ATTRIBUTE_BYTES = 1024;

  private static final ObjectMapper STRICT =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final ObjectNode json;
  private final List<String> missing = new ArrayList<>();
  private final Map<String, Message> invalid = new LinkedHashMap<>();

  private RequestBody(ObjectNode json) {
    this.json = json;
  }

  /**
   * Reads the whole body; nothing at all reads as an object without fields.
   *
   * @throws ApiException when it is too large or not one JSON object in UTF-8
   */
  public static RequestBody read(InputStream stream) {
    try {
      byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw tooLarge();
      }
      return parse(bytes);
    } catch (CharacterCodingException e) {
      throw ApiException.invalid("body", Phrase.MUST_BE_UTF_8);
    } catch (JsonProcessingException e) {
      throw ApiException.invalid("body", Phrase.MUST_BE_ONE_JSON_OBJECT);
    } catch (IOException e) {
      throw ApiException.invalid("body", Phrase.ENDED_TOO_EARLY);
    }
  }

  /** Parameters of path and query, which are taken and refused as the fields of a body are. */
  public static RequestBody ofParameters() {
    return new RequestBody(JsonNodeFactory.instance.objectNode());
  }

  /**
   * A parameter of path or query.
   *
   * @param value null when it was not given
   */
  public RequestBody with(String parameter, @Nullable String value) {
    json.put(parameter, value);
    return this;
  }

  static ApiException tooLarge() {
    return ApiException.of(ErrorCode.PAYLOAD_TOO_LARGE, Phrase.BODY_OVER_BYTES.with(MAX_BYTES));
  }

  private static RequestBody parse(byte[] bytes) throws IOException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.isBlank()) {
      return new RequestBody(JsonNodeFactory.instance.objectNode());
    }
    if (STRICT.readTree(text) instanceof ObjectNode object) {
      return new RequestBody(object);
    }
    throw ApiException.invalid("body", Phrase.MUST_BE_JSON_OBJECT);
  }

  /** Whether a field is there and not null. */
  public boolean has(String field) {
    return json.hasNonNull(field);
  }

  /** A field that must be there. Empty means that {@link #verify} will refuse. */
  public <T> Optional<T> required(String field, Function<String, Parsed<T>> type) {
    if (!has(field)) {
      missing.add(field);
    }
    return optional(field, type);
  }

  /** A field that may be absent or null. */
  public <T> Optional<T> optional(String field, Function<String, Parsed<T>> type) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      invalid.put(field, Phrase.MUST_BE_STRING);
      return Optional.empty();
    }
    Parsed<T> parsed = type.apply(value.textValue());
    if (parsed instanceof Parsed.Wrong<T> wrong) {
      invalid.put(field, wrong.why());
      return Optional.empty();
    }
    return Optional.of(((Parsed.Good<T>) parsed).value());
  }

  /** Whatever is there; a missing node when nothing is. For what others define and may change. */
  public JsonNode node(String field) {
    return json.path(field);
  }

  /** A whole number that must be there. Empty means that {@link #verify} will refuse. */
  public Optional<Long> requiredNumber(String field, long from, long to) {
    if (!has(field)) {
      missing.add(field);
    }
    return optionalNumber(field, from, to);
  }

  /** A whole number within these bounds that may be absent or null. */
  public Optional<Long> optionalNumber(String field, long from, long to) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < from
        || value.longValue() > to) {
      invalid.put(field, Phrase.MUST_BE_WHOLE_NUMBER.with(from, to));
      return Optional.empty();
    }
    return Optional.of(value.longValue());
  }

  /** True or false, which must be there. Empty means that {@link #verify} will refuse. */
  public Optional<Boolean> requiredFlag(String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      missing.add(field);
      return Optional.empty();
    }
    if (!value.isBoolean()) {
      invalid.put(field, Phrase.MUST_BE_EITHER.with("true", "false"));
      return Optional.empty();
    }
    return Optional.of(value.booleanValue());
  }

  /** A field is wrong for a reason that only its reader knows: {@link #verify} will refuse. */
  public void refuse(String field, Message why) {
    invalid.put(field, why);
  }

  /** The {@code attributes} of a participant: text by text, in the order given. */
  public Map<String, String> attributes() {
    JsonNode value = json.get("attributes");
    if (value == null || value.isNull()) {
      return Map.of();
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    int bytes = 0;
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!field.getValue().isTextual()) {
        invalid.put("attributes", Phrase.MUST_HAVE_STRINGS);
        return Map.of();
      }
      String text = field.getValue().textValue();
      bytes += utf8Length(field.getKey()) + utf8Length(text);
      attributes.put(field.getKey(), text);
    }
    if (!value.isObject()) {
      invalid.put("attributes", Phrase.MUST_BE_OBJECT);
    } else if (bytes > MAX_ATTRIBUTE_BYTES) {
      invalid.put("attributes", Phrase.OVER_BYTES_IN_TOTAL.with(MAX_ATTRIBUTE_BYTES));
    }
    return attributes;
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Refuses what was found missing or wrong so far.
   *
   * @throws ApiException listing all fields
   */
  public void verify() {
    if (!missing.isEmpty() || !invalid.isEmpty()) {
      throw ApiException.invalid(missing, invalid);
    }
  }
}
