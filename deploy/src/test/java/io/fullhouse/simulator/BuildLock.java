package io.fullhouse.simulator;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by one of the JVMs of a build at a time, while it makes what all of them use. Of one JVM
 * only one thread may take it at a time.
 */
public final class BuildLock implements AutoCloseable {
  private final FileChannel file;

  private BuildLock(FileChannel file) {
    this.file = file;
  }

  /** Returns when no other JVM holds it. The file stays. */
  public static BuildLock take(Path path) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      file.lock();
      return new BuildLock(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
