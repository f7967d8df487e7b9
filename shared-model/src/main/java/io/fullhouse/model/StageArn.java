package io.fullhouse.model;

import java.util.regex.Pattern;

/**
 * The ARN of an IVS Real-Time stage.
 *
 * @param value at most 128 ASCII characters, {@code arn:aws:ivs:<region>:<account>:stage/<id>} (IVS
 *     Real-Time API reference, Stage)
 */
public record StageArn(String value) {
  /** What {@code drain.lua} accepts as a stage, too: a change here is a change there. */
  private static final Pattern FORMAT =
      Pattern.compile("arn:aws:ivs:[a-z0-9-]+:[0-9]+:stage/[a-zA-Z0-9-]+");

  private static final int MAX_LENGTH = 128;

  /**
   * @throws IllegalArgumentException when the text is not the ARN of a stage
   */
  public StageArn {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not the ARN of an IVS stage");
    }
  }

  /** Whether the text is the ARN of a stage; says nothing about whether the stage exists. */
  public static boolean isValid(String value) {
    return value.length() <= MAX_LENGTH && FORMAT.matcher(value).matches();
  }

  /** The part after {@code stage/}. */
  public String id() {
    return value.substring(value.indexOf('/') + 1);
  }

  /** The AWS Region. */
  public String region() {
    return part(3);
  }

  /** The AWS account's number. */
  public String account() {
    return part(4);
  }

  private String part(int index) {
    return value.split(":", -1)[index];
  }

  @Override
  public String toString() {
    return value;
  }
}
