package io.fullhouse.simulator;

import java.util.Map;

/** Something with an ARN that can be tagged. Immutable: a change makes a new one. */
interface Resource {
  String arn();

  Map<String, String> tags();
}
