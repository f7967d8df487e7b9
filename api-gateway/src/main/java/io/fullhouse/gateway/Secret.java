package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonCreator;

/** A configured text that is never shown. */
public record Secret(String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Secret {}

  boolean isEmpty() {
    return value.isBlank();
  }

  @Override
  public String toString() {
    return "***";
  }
}
