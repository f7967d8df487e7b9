package io.fullhouse.gateway.ivs;

/**
 * Signs participant tokens with a key whose public half IVS knows. Thread-safe. A signature takes a
 * core for a millisecond or two: not for a thread that others wait for.
 */
public interface TokenSigner {
  /** What IVS calls the public half: the token's {@code kid}. */
  String keyArn();

  /** ES384 as a JWT has it: r and s, 96 bytes. */
  byte[] sign(byte[] text);
}
