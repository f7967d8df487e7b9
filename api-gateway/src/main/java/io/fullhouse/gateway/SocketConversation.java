package io.fullhouse.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.live.Socket;
import java.time.InstantSource;

/** What a client may say on a socket, and what it is answered. Used by one message at a time. */
final class SocketConversation implements Socket.Conversation {
  private static final String CHANNEL = "channel";

  private final Socket socket;
  private final Language language;
  private final InstantSource time;
  private final ObjectMapper json;

  SocketConversation(Socket socket, Language language, InstantSource time, ObjectMapper json) {
    this.socket = socket;
    this.language = language;
    this.time = time;
    this.json = json;
  }

  @Override
  public String answer(String message) {
    JsonNode said;
    try {
      said = json.readTree(message);
    } catch (JsonProcessingException e) {
      return wrong("message", Phrase.MUST_BE_JSON_OBJECT);
    }
    if (!said.isObject()) {
      return wrong("message", Phrase.MUST_BE_JSON_OBJECT);
    }
    // Clients of the Express service say either.
    String type =
        said.hasNonNull("type") ? said.path("type").asText() : said.path("action").asText();
    return switch (type) {
      case "subscribe" -> wants(said, true);
      case "unsubscribe" -> wants(said, false);
      case "ping" -> reply("pong").put("timestamp", now()).toString();
      default -> wrong("type", Phrase.MUST_BE_EITHER.with("subscribe, unsubscribe", "ping"));
    };
  }

  private String wants(JsonNode said, boolean wanted) {
    String channel = said.path(CHANNEL).asText();
    boolean stats = channel.equals("stats") || channel.equals("all");
    boolean stages = channel.equals("stages") || channel.equals("all");
    if (!stats && !stages) {
      return wrong(CHANNEL, Phrase.MUST_BE_EITHER.with("stats, stages", "all"));
    }
    socket.wants(stats ? wanted : socket.wantsStats(), stages ? wanted : socket.wantsStages());
    return reply(wanted ? "subscribed" : "unsubscribed").put(CHANNEL, channel).toString();
  }

  private String wrong(String field, Message why) {
    ObjectNode reply = reply("error");
    ObjectNode error = reply.putObject("error");
    error.put("code", ErrorCode.VALIDATION_ERROR.name());
    error.put("message", Phrase.INVALID.with(field, why).in(language));
    ObjectNode details = error.putObject("details");
    details.putArray("missingFields");
    details.putArray("invalidFields").add(field);
    return reply.put("timestamp", now()).toString();
  }

  private ObjectNode reply(String type) {
    return json.createObjectNode().put("type", type);
  }

  private String now() {
    return Timestamps.of(time.instant());
  }
}
