package io.fullhouse.gateway.key;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;

/**
 * The curve of participant tokens (ES384; NIST P-384, secp384r1), and a point's arithmetic on it.
 */
final class P384 {
  static final String NAME = "secp384r1";
  static final ECParameterSpec CURVE = curve();

  private static final BigInteger P = ((ECFieldFp) CURVE.getCurve().getField()).getP();
  private static final BigInteger A = CURVE.getCurve().getA();
  private static final BigInteger TWO = BigInteger.TWO;
  private static final BigInteger THREE = BigInteger.valueOf(3);

  private P384() {}

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(NAME));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks P-384", e);
    }
  }

  /**
   * The public point of a private number, which the platform does not compute for a key that was
   * read. Takes a time that depends on the number: for a start and a command line, not for requests
   * of strangers.
   */
  static ECPoint publicPoint(BigInteger secret) {
    ECPoint sum = ECPoint.POINT_INFINITY;
    for (int bit = secret.bitLength() - 1; bit >= 0; bit--) {
      sum = add(sum, sum);
      if (secret.testBit(bit)) {
        sum = add(sum, CURVE.getGenerator());
      }
    }
    return sum;
  }

  private static ECPoint add(ECPoint a, ECPoint b) {
    if (a.equals(ECPoint.POINT_INFINITY)) {
      return b;
    } else if (b.equals(ECPoint.POINT_INFINITY)) {
      return a;
    }
    BigInteger x = a.getAffineX();
    BigInteger y = a.getAffineY();
    boolean sameX = x.equals(b.getAffineX());
    if (sameX && !y.equals(b.getAffineY())) {
      return ECPoint.POINT_INFINITY;
    }
    BigInteger slope =
        sameX
            ? quotient(x.pow(2).multiply(THREE).add(A), y.multiply(TWO))
            : quotient(b.getAffineY().subtract(y), b.getAffineX().subtract(x));
    BigInteger sumX = slope.pow(2).subtract(x).subtract(b.getAffineX()).mod(P);
    return new ECPoint(sumX, slope.multiply(x.subtract(sumX)).subtract(y).mod(P));
  }

  private static BigInteger quotient(BigInteger dividend, BigInteger divisor) {
    return dividend.multiply(divisor.mod(P).modInverse(P)).mod(P);
  }
}
