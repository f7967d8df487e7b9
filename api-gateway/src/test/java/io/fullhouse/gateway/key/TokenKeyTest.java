package io.fullhouse.gateway.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TokenKeyTest {
  @TempDir private Path directory;

  private Path file(String text) {
    Path file = directory.resolve("key.pem");
    KeyFiles.write(file, text);
    return file;
  }

  @Test
  void a_key_in_pkcs8_is_read_with_its_public_half() {
    KeyPair pair = KeyFiles.pair("secp384r1");

    TokenKey key = TokenKey.read(file(KeyFiles.pem("PRIVATE KEY", pair.getPrivate().getEncoded())));

    assertThat(key.open().getW()).isEqualTo(((ECPublicKey) pair.getPublic()).getW());
    assertThat(key.fingerprint()).matches("[0-9a-f]{2}(:[0-9a-f]{2}){15}");
  }

  /**
   * As {@code openssl ecparam -genkey} writes it: behind the curve's name in a block of its own.
   */
  @Test
  void a_key_in_sec1_is_read_with_its_public_half() {
    KeyPair pair = KeyFiles.pair("secp384r1");
    String number = "%096x".formatted(((ECPrivateKey) pair.getPrivate()).getS());
    byte[] der = HexFormat.of().parseHex("303e020101" + "0430" + number + "a00706052b81040022");
    String parameters =
        "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n";

    TokenKey key = TokenKey.read(file(parameters + KeyFiles.pem("EC PRIVATE KEY", der)));

    assertThat(key.open().getW()).isEqualTo(((ECPublicKey) pair.getPublic()).getW());
  }

  @Test
  void a_key_that_was_made_is_read_back_from_its_own_text() throws Exception {
    TokenKey made = TokenKey.generate();
    TokenKey read = TokenKey.read(file(made.privatePem()));

    assertThat(read.publicPem()).isEqualTo(made.publicPem());
    byte[] text = "text".getBytes(UTF_8);
    Signature signing = Signature.getInstance("SHA384withECDSA");
    signing.initSign(read.secret());
    signing.update(text);
    Signature verifying = Signature.getInstance("SHA384withECDSA");
    verifying.initVerify(made.open());
    verifying.update(text);
    assertThat(verifying.verify(signing.sign())).isTrue();
  }

  static Stream<Arguments> otherFiles() {
    String pkcs8 = "PRIVATE KEY";
    String good = KeyFiles.pem(pkcs8, KeyFiles.pair("secp384r1").getPrivate().getEncoded());
    return Stream.of(
        Arguments.of("", "is not a private key in PEM format"),
        Arguments.of("hunter2", "is not a private key in PEM format"),
        Arguments.of(good.replaceAll("\n[A-Za-z0-9+/=]+\n-----END", "\n-----END"), "is cut off"),
        Arguments.of("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "is damaged"),
        Arguments.of(
            KeyFiles.pem(pkcs8, KeyFiles.pair("secp256r1").getPrivate().getEncoded()),
            "is on the curve P-256; IVS takes P-384"),
        Arguments.of(
            KeyFiles.pem(pkcs8, KeyFiles.pair("secp521r1").getPrivate().getEncoded()),
            "is on the curve P-521; IVS takes P-384"),
        Arguments.of(
            KeyFiles.pem(pkcs8, KeyFiles.pair("RSA").getPrivate().getEncoded()),
            "is not an elliptic curve key"),
        Arguments.of(
            KeyFiles.pem("RSA PRIVATE KEY", new byte[100]), "is RSA PRIVATE KEY, not an elliptic"),
        Arguments.of(
            KeyFiles.pem("PUBLIC KEY", KeyFiles.pair("secp384r1").getPublic().getEncoded()),
            "is the public key"),
        Arguments.of(KeyFiles.pem("ENCRYPTED PRIVATE KEY", new byte[100]), "is encrypted"));
  }

  @ParameterizedTest
  @MethodSource("otherFiles")
  void what_is_no_key_for_tokens_is_named_in_one_line_that_shows_none_of_it(
      String text, String message) {
    Path file = file(text);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenKey.read(file))
        .withMessageStartingWith(file + " " + message)
        .withMessageNotContainingAny("\n", "hunter2", "AAAA");
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenKey.read(directory.resolve("none")))
        .withMessageEndingWith("none does not exist");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenKey.read(directory))
        .withMessageContaining("cannot be read");
  }
}
