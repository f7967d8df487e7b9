package io.fullhouse.gateway.language;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a client says in {@code Accept-Language} (RFC 9110, section 12.5.4). The JDK reads it, too,
 * but takes the square of its length, and fails over a lone hyphen.
 *
 * @param ranges the most wanted first: by weight, and as they were written where that is the same
 */
record AcceptLanguage(List<Range> ranges) {
  /** A language range with its weight (RFC 4647, section 2.1; RFC 9110, section 12.4.2). */
  private static final Pattern RANGE =
      Pattern.compile(
          "([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\\*)(?:[ \t]*;[ \t]*q=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?");

  /** Browsers send a handful; a header of nothing else would take milliseconds to read. */
  private static final int MOST_RANGES = 100;

  private static final Pattern ENGLISH = Pattern.compile("en(-.*)?");

  private static final Pattern TRADITIONAL_CHINESE = Pattern.compile("zh-(hant|tw|hk|mo)(-.*)?");

  /**
   * Languages that are wanted alike.
   *
   * @param name in lower case
   * @param weight 0 to 1; 0 for what is refused
   */
  record Range(String name, double weight) {
    static Optional<Range> read(String text) {
      Matcher range = RANGE.matcher(text.strip().toLowerCase(Locale.ROOT));
      return range.matches()
          ? Optional.of(new Range(range.group(1), weight(range)))
          : Optional.empty();
    }

    private static double weight(Matcher range) {
      return range.group(2) == null ? 1 : Double.parseDouble(range.group(2));
    }

    boolean isRefused() {
      return weight == 0;
    }
  }

  /** Reads the header; of what cannot be read it takes no notice. */
  static AcceptLanguage read(List<String> values) {
    return new AcceptLanguage(
        values.stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .limit(MOST_RANGES)
            .flatMap(text -> Range.read(text).stream())
            .sorted(Comparator.<Range>comparingDouble(Range::weight).reversed())
            .toList());
  }

  Language best() {
    return place(AcceptLanguage::meansTraditionalChinese) < place(AcceptLanguage::meansEnglish)
        ? Language.TRADITIONAL_CHINESE
        : Language.ENGLISH;
  }

  /** Where the best range stands that means a language; behind all when it is not wanted. */
  private int place(Predicate<Range> means) {
    int named = first(means);
    int place = named < 0 ? first(range -> range.name().equals("*")) : named;
    return place < 0 || ranges.get(place).isRefused() ? Integer.MAX_VALUE : place;
  }

  private int first(Predicate<Range> wanted) {
    for (int i = 0; i < ranges.size(); i++) {
      if (wanted.test(ranges.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean meansEnglish(Range range) {
    return ENGLISH.matcher(range.name()).matches();
  }

  /**
   * Chinese alone is Simplified, as browsers mean it that say {@code zh-CN,zh}: of that we have no
   * text. Who refuses Chinese refuses all of it.
   */
  private static boolean meansTraditionalChinese(Range range) {
    return TRADITIONAL_CHINESE.matcher(range.name()).matches()
        || (range.name().equals("zh") && range.isRefused());
  }
}
