package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Phrase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value of {@code RedisKeys.viewerBanned}. Immutable.
 *
 * @param until when it is over; empty for never
 * @param reason for moderators
 */
record Ban(Instant since, Optional<Instant> until, Optional<String> reason) {
  /** Its twin is {@code ban.lua}. */
  private static final Pattern VALUE =
      Pattern.compile("([0-9]{1,15})\\|([0-9]{1,15})\\|[^|]*\\|(.*)", Pattern.DOTALL);

  /** What somebody damaged is a ban for ever, as the scripts read it. */
  static Ban of(String stored) {
    Matcher value = VALUE.matcher(stored);
    return value.matches()
        ? new Ban(
            Instant.ofEpochMilli(Long.parseLong(value.group(2))),
            end(value.group(1)),
            Optional.of(value.group(3)).filter(text -> !text.isEmpty()))
        : new Ban(Instant.EPOCH, Optional.empty(), Optional.empty());
  }

  private static Optional<Instant> end(String millis) {
    return Optional.of(Long.parseLong(millis)).filter(at -> at > 0).map(Instant::ofEpochMilli);
  }

  /** In the scripts' words: epoch ms, 0 for never. */
  static String millis(Optional<Instant> until) {
    return Long.toString(until.map(Instant::toEpochMilli).orElse(0L));
  }

  /**
   * What somebody is told who is banned.
   *
   * @param until epoch ms, 0 for ever
   */
  static ApiException refusal(String until) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("reason", "BANNED");
    end(until).ifPresent(at -> details.put("until", Timestamps.of(at)));
    return ApiException.with(ErrorCode.FORBIDDEN, Phrase.BANNED, details);
  }
}
