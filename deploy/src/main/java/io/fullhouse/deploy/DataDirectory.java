package io.fullhouse.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a run leaves for the next one: Redis's files, the secret that signs seats, so that viewers
 * keep theirs, and the account of the simulated IVS. Locked while it is open: two Redis servers
 * would destroy each other's log.
 */
final class DataDirectory implements AutoCloseable {
  private static final int SECRET_BYTES = 32;

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Opens it, makes it when missing.
   *
   * @throws UpException when another run has it, or it cannot be written
   */
  static DataDirectory open(Path directory) {
    Path path = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      FileChannel lock =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(lock)) {
        lock.close();
        throw UpException.failed(path + " is in use by another run");
      }
      return new DataDirectory(path, lock);
    } catch (IOException e) {
      throw UpException.failed("cannot keep data in " + path + ": " + e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Where Redis keeps its files. */
  Path redis() {
    return path.resolve("redis");
  }

  /** Where the simulator keeps its account. */
  Path account() {
    return path.resolve("simulator.json");
  }

  /** Where the private key of self-signed tokens is, if there is one. */
  Path tokenKey() {
    return path.resolve("token-key.pem");
  }

  /** The value of {@code SEAT_SECRETS} that belongs to this data; random at the first run. */
  String seatSecrets() {
    Path file = path.resolve("seat-secrets");
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, randomSeatSecrets());
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw UpException.failed("cannot keep the seat secrets in " + file + ": " + e);
    }
  }

  /** For a run that keeps nothing. */
  static String randomSeatSecrets() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return "dev:" + HexFormat.of().formatHex(secret);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
