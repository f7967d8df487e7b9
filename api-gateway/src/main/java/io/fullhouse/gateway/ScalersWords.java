package io.fullhouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.CommandRefusal;

/** Why the scaler does not do what an operator wants, as its answer says it. */
final class ScalersWords {
  private ScalersWords() {}

  /** What a scaler of another version says in its own way stays as it is. */
  static Message of(JsonNode answer) {
    return CommandRefusal.ofName(answer.path("refusal").asText())
        .map(refusal -> said(refusal, answer.path("about").asText()))
        .orElseGet(() -> new Message.Quoted(answer.path("message").asText()));
  }

  private static Message said(CommandRefusal refusal, String about) {
    return switch (refusal) {
      case TOO_LATE -> Phrase.COMMAND_TOO_LATE;
      case UNKNOWN_COMMAND -> Phrase.COMMAND_UNKNOWN;
      case NO_SUCH_STAGE -> Phrase.NO_SUCH_STAGE;
      case MASTER_STAGE -> Phrase.MASTER_STAGE;
      case AT_MAX_STAGES -> Phrase.COMMAND_AT_MAX_STAGES;
      case AT_REPLICA_LIMIT -> Phrase.COMMAND_AT_REPLICA_LIMIT;
      case AT_SUBSCRIPTION_QUOTA -> Phrase.COMMAND_AT_SUBSCRIPTION_QUOTA;
      case AT_STAGE_QUOTA -> Phrase.COMMAND_AT_STAGE_QUOTA;
      case STAGE_REFUSED_BY_IVS -> Phrase.STAGE_REFUSED_BY_IVS.with(about);
      case STAGE_NOT_MADE -> Phrase.STAGE_NOT_MADE;
      case STAGE_HAS_VIEWERS -> Phrase.STAGE_HAS_VIEWERS;
      case RENAME_REFUSED_BY_IVS -> Phrase.RENAME_REFUSED_BY_IVS.with(about);
      case NOT_PUBLISHING_THERE -> Phrase.NOT_PUBLISHING_THERE;
      case FED_FROM_ITSELF -> Phrase.FED_FROM_ITSELF;
      case STAGE_GOES -> Phrase.STAGE_GOES;
      case HAS_OWN_PUBLISHER -> Phrase.HAS_OWN_PUBLISHER;
      case SOURCE_IS_FULL -> Phrase.SOURCE_IS_FULL;
      case NO_SUCH_REPLICATION -> Phrase.NO_SUCH_REPLICATION;
      case NOT_REPLICATED_YET -> Phrase.NOT_REPLICATED_YET.with(about);
    };
  }
}
