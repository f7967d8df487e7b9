package io.fullhouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of a jar as a JVM has them in memory (HotSpot's class data sharing): a start that
 * maps them costs a third less than one that reads and verifies them. The file lies beside the jar,
 * one for each Java.
 */
public final class ClassArchive {
  private ClassArchive() {}

  /** Where the archive of this jar for this Java is, or would be. */
  public static Path of(Path jar) {
    String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
    return jar.resolveSibling(name + "-" + System.getProperty("java.vm.version") + ".jsa");
  }

  /** Whether it is there, and made of the jar as it is now. */
  public static boolean isMade(Path jar) {
    Path archive = of(jar);
    try {
      return Files.exists(archive)
          && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For the JVM that runs this jar; none without an archive. */
  public static List<String> options(Path jar) {
    return isMade(jar) ? List.of("-XX:SharedArchiveFile=" + of(jar)) : List.of();
  }

  /**
   * For a JVM that runs this jar and archives what it has loaded when it ends in order.
   *
   * @param archive the file it writes
   */
  public static List<String> making(Path archive) {
    return List.of("-XX:ArchiveClassesAtExit=" + archive);
  }
}
