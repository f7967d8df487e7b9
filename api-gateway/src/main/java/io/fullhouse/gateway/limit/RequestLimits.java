package io.fullhouse.gateway.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.RetryAfter;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.RedisKeys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Refuses who asks too often, and notes for {@link QuotaHeaders} what is left. Thread-safe.
 *
 * <p>A join asks the shared bucket first: it may cost a token, and IVS is not asked in vain. All
 * else is decided here and now (see {@link Pace}): a heartbeat stays one trip to Redis, and nobody
 * waits for a limit. Whoever is refused is alone in it: no limit is shared by two viewers.
 */
public final class RequestLimits {
  /** Bytes of the hash that stands for a user: a user id never makes a key. */
  private static final int HASH_LENGTH = 16;

  private final RateLimits rates;
  private final SharedBuckets buckets;
  private final RedisKeys keys;
  private final Map<RateClass, Pace> paces = new EnumMap<>(RateClass.class);
  private final Map<RateClass, Counter> refused = new EnumMap<>(RateClass.class);

  /**
   * @param heartbeatInterval as clients are told
   */
  public RequestLimits(
      RateLimits rates,
      SharedBuckets buckets,
      RedisKeys keys,
      Duration heartbeatInterval,
      MetricRegistry metrics,
      LongSupplier nanoTime) {
    this.rates = rates;
    this.buckets = buckets;
    this.keys = keys;
    for (RateClass what : RateClass.values()) {
      refused.put(what, metrics.counter("gateway.limited." + what.wireName()));
      rates
          .of(what)
          .ifPresent(
              rate ->
                  paces.put(
                      what,
                      new Pace(rate, quiet(what, heartbeatInterval), told(what, rate), nanoTime)));
    }
  }

  /** How often each gateway sees somebody whom nobody needs to be told of. */
  private static Duration quiet(RateClass what, Duration heartbeatInterval) {
    return switch (what) {
      case JOIN, LEAVE -> Duration.ofSeconds(30);
      case BEAT -> heartbeatInterval.multipliedBy(3).dividedBy(4); // clients beat at 80 to 100 %
      case READ, BAD -> Duration.ofSeconds(1);
    };
  }

  private Pace.Told told(RateClass what, Rate rate) {
    if (what == RateClass.BAD) {
      return (subject, many) -> CompletableFuture.completedStage((long) rate.count());
    }
    return (subject, many) -> buckets.debit(key(what, rate, subject), rate, many);
  }

  private String key(RateClass what, Rate rate, String subject) {
    return keys.limit(what.wireName(), rate.count() + "/" + rate.per(), subject);
  }

  /**
   * A join or rejoin of this user: completes when it may go on, fails with the refusal, or when
   * Redis cannot be asked.
   */
  public CompletionStage<Void> join(UserId user, HttpServletRequest request) {
    Rate rate = rates.of(RateClass.JOIN).orElse(null);
    if (rate == null) {
      return CompletableFuture.completedStage(null);
    }
    AtomicReference<Quota> noted = QuotaHeaders.prepare(request::setAttribute);
    return buckets
        .take(key(RateClass.JOIN, rate, hash(user)), rate)
        .thenAccept(quota -> check(RateClass.JOIN, quota, noted));
  }

  /**
   * A heartbeat by seat.
   *
   * @throws ApiException when this seat is heard too often
   */
  public void beat(AdmissionId admission, HttpServletRequest request) {
    check(RateClass.BEAT, admission.value(), request::setAttribute);
  }

  /**
   * A leave by seat.
   *
   * @throws ApiException when this seat leaves too often
   */
  public void leave(AdmissionId admission, HttpServletRequest request) {
    check(RateClass.LEAVE, admission.value(), request::setAttribute);
  }

  /**
   * A read with an API key.
   *
   * @param key its name
   * @throws ApiException when this key reads too often
   */
  void read(String key, ContainerRequestContext request) {
    check(RateClass.READ, key, request::setProperty);
  }

  /**
   * Somebody wants a ticket, which opens one read.
   *
   * @param whose the name of an API key, or an admission
   * @throws ApiException when that is asked for too often
   */
  public void ticket(String whose, HttpServletRequest request) {
    check(RateClass.READ, whose, request::setAttribute);
  }

  /**
   * Somebody showed a seat that is none of ours.
   *
   * @param address of the client
   * @throws ApiException when that happens too often from there
   */
  public void bad(ClientAddress address, HttpServletRequest request) {
    check(RateClass.BAD, address.network(), request::setAttribute);
  }

  private void check(RateClass what, String subject, BiConsumer<String, Object> request) {
    Pace pace = paces.get(what);
    if (pace != null) {
      check(what, pace.take(subject), QuotaHeaders.prepare(request));
    }
  }

  private void check(RateClass what, Quota quota, AtomicReference<Quota> noted) {
    noted.set(quota);
    if (!quota.granted()) {
      Counter counter = refused.get(what);
      if (counter != null) {
        counter.inc();
      }
      int seconds = (int) Math.max(1, quota.pauseSeconds());
      // Never earlier than it can succeed.
      throw ApiException.tooMany(what.wireName(), new RetryAfter(seconds, seconds + seconds / 2));
    }
  }

  private static String hash(UserId user) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(user.value().getBytes(UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_LENGTH));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
