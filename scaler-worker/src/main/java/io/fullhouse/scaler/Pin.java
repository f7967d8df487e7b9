package io.fullhouse.scaler;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import java.util.Optional;

/**
 * By an operator's word a stage is fed from this source, whoever publishes there.
 *
 * @param participant who published there when the word was given
 */
record Pin(StageArn source, ParticipantId participant) {
  /** What the command asks for; empty unless it names a source and a participant. */
  static Optional<Pin> of(Command command) {
    return ParticipantId.isValid(command.participant())
        ? command.source().map(it -> new Pin(it, new ParticipantId(command.participant())))
        : Optional.empty();
  }

  /** The value of {@code RedisKeys.scalerPins}. */
  String text() {
    return source + "|" + participant.value();
  }

  /** Empty when somebody damaged it: then it is as if there were none. */
  static Optional<Pin> of(String text) {
    String[] parts = text.split("\\|", -1);
    return parts.length == 2 && StageArn.isValid(parts[0]) && ParticipantId.isValid(parts[1])
        ? Optional.of(new Pin(new StageArn(parts[0]), new ParticipantId(parts[1])))
        : Optional.empty();
  }
}
