package io.fullhouse.gateway.auth;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The route wants an API key with such a scope, before its body is read. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Needs {
  /** Any of these will do. */
  Scope[] value();

  /** Whether a ticket in the query does instead: the route itself redeems it. */
  boolean orTicket() default false;
}
