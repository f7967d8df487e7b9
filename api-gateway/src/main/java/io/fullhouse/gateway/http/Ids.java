package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;

/** The ids that clients name, as fields of a {@link RequestBody}. */
public final class Ids {
  private Ids() {}

  public static Parsed<UserId> user(String text) {
    return UserId.flaw(text)
        .map(flaw -> Parsed.<UserId>wrong(why(flaw)))
        .orElseGet(() -> Parsed.of(new UserId(text)));
  }

  private static Message why(UserId.Flaw flaw) {
    return switch (flaw) {
      case EMPTY -> Phrase.MUST_NOT_BE_EMPTY;
      case NOT_UNICODE -> Phrase.NOT_UNICODE;
      case TOO_LONG -> Phrase.OVER_BYTES.with(UserId.MAX_BYTES);
      case CONTROL_CHARACTERS -> Phrase.CONTROL_CHARACTERS;
    };
  }

  public static Parsed<StageArn> stage(String text) {
    return StageArn.isValid(text)
        ? Parsed.of(new StageArn(text))
        : Parsed.wrong(Phrase.NOT_A_STAGE_ARN);
  }

  public static Parsed<ParticipantId> participant(String text) {
    return ParticipantId.isValid(text)
        ? Parsed.of(new ParticipantId(text))
        : Parsed.wrong(Phrase.MUST_BE_PARTICIPANT_ID);
  }
}
