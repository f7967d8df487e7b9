package io.fullhouse.gateway.ivs;

import io.fullhouse.gateway.auth.SeatSecrets;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.UserId;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/** The user id that IVS shows to the other participants of a stage. Thread-safe. */
public final class IvsUserIds {
  /** What others may see. */
  public enum Mode {
    /** The same for the same user of a broadcast, and no way back to the user. */
    PSEUDONYM,
    /** The application's own id. */
    PLAIN,
    /** Nothing. */
    NONE
  }

  /** Bytes of the HMAC: 128 bits, as 22 characters. */
  private static final int LENGTH = 16;

  private final Mode mode;
  private final BroadcastId broadcast;
  private final Supplier<SeatSecrets> secrets;

  public IvsUserIds(Mode mode, BroadcastId broadcast, Supplier<SeatSecrets> secrets) {
    this.mode = mode;
    this.broadcast = broadcast;
    this.secrets = secrets;
  }

  /** Empty when others may see nothing. */
  public Optional<String> of(UserId user) {
    return switch (mode) {
      case PSEUDONYM -> Optional.of(pseudonym(user));
      case PLAIN -> Optional.of(user.value());
      case NONE -> Optional.empty();
    };
  }

  private String pseudonym(UserId user) {
    SecretKey key = secrets.get().derive("ivs-user-id");
    byte[] mac = SeatSecrets.mac(key, broadcast + "\n" + user);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(mac, LENGTH));
  }
}
