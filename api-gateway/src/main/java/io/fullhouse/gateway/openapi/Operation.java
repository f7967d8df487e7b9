package io.fullhouse.gateway.openapi;

import io.fullhouse.gateway.http.ErrorCode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the OpenAPI document cannot see in a route's method, which reads a stream and answers a
 * response. All else of it follows from the JAX-RS annotations, {@code @Needs} and the types.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Operation {
  /** In a line. */
  String value();

  /** Whose components are the fields of the body; none for a route that takes no body. */
  Class<?> body() default Void.class;

  /** Of the answer's {@code data}: whichever of these it is. */
  Class<?>[] data() default {};

  /** Of success. */
  int status() default 200;

  /** The media type of an answer that is no JSON in the envelope. */
  String type() default "";

  /** What proves who asks, on a route without {@code @Needs}. */
  Proof proof() default Proof.NONE;

  /** Refusals beyond those that the route's annotations and body entail. */
  ErrorCode[] refuses() default {};
}
