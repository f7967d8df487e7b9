package io.fullhouse.gateway.language;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import java.util.List;

/** A language that every message is there in. */
public enum Language {
  ENGLISH("en", ", ", ". "),
  /** As written in Taiwan. */
  TRADITIONAL_CHINESE("zh-Hant", "、", "。");

  private final String tag;
  private final String comma;
  private final String fullStop;

  /**
   * @param comma between things of a list
   * @param fullStop between sentences
   */
  Language(String tag, String comma, String fullStop) {
    this.tag = tag;
    this.comma = comma;
    this.fullStop = fullStop;
  }

  /** BCP 47, for {@code Content-Language}. */
  public String tag() {
    return tag;
  }

  String comma() {
    return comma;
  }

  String fullStop() {
    return fullStop;
  }

  /**
   * The one that a client likes best; English when it likes none, says nothing, or what cannot be
   * read.
   *
   * @param acceptLanguage all values of the header
   */
  public static Language of(List<String> acceptLanguage) {
    return AcceptLanguage.read(acceptLanguage).best();
  }

  /** The one that whoever sent this request likes best. */
  public static Language of(HttpServletRequest request) {
    return of(Collections.list(request.getHeaders(HttpHeaders.ACCEPT_LANGUAGE)));
  }
}
