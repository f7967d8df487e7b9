package io.fullhouse.gateway.language;

import java.util.List;
import java.util.stream.Collectors;

/** What a person is told, before it is known in which language. Immutable. */
public sealed interface Message permits Phrase, Message.Filled, Message.Sentences, Message.Quoted {
  String in(Language language);

  /** A phrase whose places are filled. */
  record Filled(Phrase phrase, List<Object> arguments) implements Message {
    /**
     * @param arguments as many as the phrase has places: numbers, names, messages, or lists of them
     */
    public Filled {
      arguments = List.copyOf(arguments);
      if (arguments.size() != phrase.places()) {
        throw new IllegalArgumentException(
            phrase + " has " + phrase.places() + " places, not " + arguments.size());
      }
    }

    @Override
    public String in(Language language) {
      return phrase.fill(
          language, arguments.stream().map(argument -> text(argument, language)).toList());
    }

    private static String text(Object argument, Language language) {
      if (argument instanceof Message message) {
        return message.in(language);
      } else if (argument instanceof List<?> list) {
        return list.stream()
            .map(each -> text(each, language))
            .collect(Collectors.joining(language.comma()));
      }
      return String.valueOf(argument);
    }
  }

  /** One after the other. */
  record Sentences(List<Message> messages) implements Message {
    public Sentences {
      messages = List.copyOf(messages);
    }

    @Override
    public String in(Language language) {
      return messages.stream()
          .map(message -> message.in(language))
          .collect(Collectors.joining(language.fullStop()));
    }
  }

  /**
   * Somebody else's words, which stay as they are: an operator's, or those of a scaler that knows
   * more than this gateway.
   */
  record Quoted(String text) implements Message {
    @Override
    public String in(Language language) {
      return text;
    }
  }
}
