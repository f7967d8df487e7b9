package io.fullhouse.simulator;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an AWS account has while nobody is connected: stages and public keys with their tags,
 * limits, and the seal of the tokens that were issued. With a file it outlasts the process;
 * sessions and participants never do, as if everybody's network had broken. Thread-safe.
 */
final class Account {
  private static final long NEVER = -1;

  private final ResourceTable<Stage> stages = new ResourceTable<>("Stage", Stage::withTags);
  private final ResourceTable<PublicKey> keys =
      new ResourceTable<>("PublicKey", PublicKey::withTags);
  private final TokenSeal seal;
  private final LimitSettings limits;
  private final Optional<AccountFile> file;

  /** The changes up to which the file has everything. */
  private volatile long saved = NEVER;

  private Account(TokenSeal seal, LimitSettings limits, Optional<AccountFile> file) {
    this.seal = seal;
    this.limits = limits;
    this.file = file;
  }

  /**
   * The account in this file, with its limits in force; a new one without a file.
   *
   * @throws UncheckedIOException when the file cannot be used; the message is one line for a person
   */
  static Account open(Optional<Path> path, String arnPrefix, LimitSettings limits) {
    return path.isPresent()
        ? open(path.get(), arnPrefix, limits)
        : new Account(new TokenSeal(), limits, Optional.empty());
  }

  private static Account open(Path path, String arnPrefix, LimitSettings limits) {
    AccountFile file = new AccountFile(path);
    try {
      Optional<JsonNode> kept = file.read();
      return kept.isPresent()
          ? restored(KeptAccount.read(kept.get(), arnPrefix), limits, file)
          : new Account(new TokenSeal(), limits, Optional.of(file));
    } catch (JsonProcessingException e) {
      // Its own message shows what stands there, which may be the secret.
      JsonLocation place = e.getLocation();
      throw unusable(
          path, "no JSON at line " + place.getLineNr() + ", column " + place.getColumnNr());
    } catch (IOException e) {
      throw unusable(path, e.toString());
    } catch (Refusal e) {
      throw unusable(path, String.valueOf(e.error().message()));
    }
  }

  private static UncheckedIOException unusable(Path path, String reason) {
    return new UncheckedIOException(
        path
            + " cannot be used and stays as it is (without it the account begins empty): "
            + reason,
        new IOException(reason));
  }

  private static Account restored(KeptAccount kept, LimitSettings limits, AccountFile file) {
    Account account = new Account(kept.seal(), limits, Optional.of(file));
    kept.stages().forEach(stage -> account.stages.add(stage, 0));
    kept.keys().forEach(key -> account.keys.add(key, 0));
    limits.apply(Input.of(kept.limits()));
    account.saved = account.changes();
    return account;
  }

  /** Writes the file if there is one and it lacks a change; else does nothing. */
  void save() throws IOException {
    if (file.isPresent() && saved != changes()) {
      save(file.get());
    }
  }

  private synchronized void save(AccountFile to) throws IOException {
    long now = changes();
    if (saved != now) {
      to.write(new KeptAccount(seal, stages.all(), keys.all(), limits.changed()).toJson());
      saved = now;
    }
  }

  private long changes() {
    return stages.changes() + keys.changes() + limits.changes();
  }

  TokenSeal seal() {
    return seal;
  }

  ResourceTable<Stage> stages() {
    return stages;
  }

  ResourceTable<PublicKey> keys() {
    return keys;
  }
}
