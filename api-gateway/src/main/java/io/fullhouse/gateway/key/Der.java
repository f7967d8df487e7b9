package io.fullhouse.gateway.key;

import java.util.Arrays;

/** Reads the few DER elements that a key file is made of (ITU-T X.690). One thread's. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int SEQUENCE = 0x30;

  /** The context-specific element {@code [0]}. */
  static final int CONTEXT_0 = 0xa0;

  private static final int MAX_LENGTH_BYTES = 3;

  private final byte[] bytes;
  private int at;

  Der(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean nextIs(int tag) {
    return at < bytes.length && (bytes[at] & 0xff) == tag;
  }

  /**
   * The content of the next element.
   *
   * @throws IllegalArgumentException when it is of another kind, or cut off
   */
  byte[] take(int tag) {
    if (!nextIs(tag)) {
      throw new IllegalArgumentException("is damaged");
    }
    at++;
    int length = length();
    if (length > bytes.length - at) {
      throw new IllegalArgumentException("is cut off");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  /** A reader of the next element's content. */
  Der enter(int tag) {
    return new Der(take(tag));
  }

  private int length() {
    int first = next();
    if (first < 0x80) {
      return first;
    }
    int count = first - 0x80;
    if (count < 1 || count > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException("is damaged");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | next();
    }
    return length;
  }

  private int next() {
    if (at >= bytes.length) {
      throw new IllegalArgumentException("is cut off");
    }
    return bytes[at++] & 0xff;
  }
}
