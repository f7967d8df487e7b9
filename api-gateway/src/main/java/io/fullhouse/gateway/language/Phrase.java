package io.fullhouse.gateway.language;

import io.fullhouse.model.CommandRefusal;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that people are told, in each language: one that is there in English only does not
 * compile. {@code {0}} is the place of what {@link #with} names first. A phrase never has a place
 * for what a client sent, but for names of fields.
 */
public enum Phrase implements Message {
  // The request as a whole.
  NO_SUCH_ROUTE("No such route", "沒有這個路徑"),
  METHOD_NOT_ALLOWED("This method is not allowed here", "這個路徑不接受此 HTTP 方法"),
  ONLY_JSON("Only application/json is spoken here", "這裡只提供 application/json"),
  BODY_TOO_LARGE("The body is too large", "請求內容過大"),
  BODY_OVER_BYTES("The body must have at most {0} bytes", "請求內容最多 {0} 個位元組"),
  BODY_NOT_JSON("The body must be application/json", "請求內容必須是 application/json"),
  BODY_NOT_UTF_8("The body must be UTF-8", "請求內容必須採用 UTF-8 編碼"),
  HEADERS_TOO_LARGE("The request's headers are too large", "請求標頭過大"),
  REQUEST_UNREADABLE("The request cannot be read", "無法讀取這個請求"),
  TOO_MANY_REQUESTS("Too many requests: come back later", "請求過於頻繁，請稍後再試"),
  TRY_AGAIN_SHORTLY("Try again shortly", "請稍後再試"),
  OUR_MISTAKE("Something went wrong on our side", "系統發生錯誤"),
  REDIS_AWAY("Redis is not reachable", "無法連線至 Redis"),
  TOO_MANY_WATCH("As many are watching here as may", "這裡的即時連線數已達上限"),
  NO_SUCH_BROADCAST("No such broadcast", "沒有這場直播"),

  // Its fields, and what is wrong with one.
  MISSING("Missing: {0}", "缺少 {0}"),
  INVALID("Invalid {0}: {1}", "{0} 無效：{1}"),
  MUST_BE_UTF_8("must be UTF-8", "必須採用 UTF-8 編碼"),
  MUST_BE_ONE_JSON_OBJECT(
      "must be one JSON object without duplicate fields", "必須是單一 JSON 物件，且欄位不可重複"),
  MUST_BE_JSON_OBJECT("must be a JSON object", "必須是 JSON 物件"),
  ENDED_TOO_EARLY("ended too early", "內容不完整"),
  MUST_BE_STRING("must be a string", "必須是字串"),
  MUST_BE_WHOLE_NUMBER("must be a whole number from {0} to {1}", "必須是 {0} 到 {1} 的整數"),
  MUST_BE_EITHER("must be {0} or {1}", "必須是 {0} 或 {1}"),
  MUST_BE_OBJECT("must be an object", "必須是物件"),
  MUST_HAVE_STRINGS("must have strings only", "值只能是字串"),
  OVER_BYTES_IN_TOTAL("must be at most {0} bytes in total", "總長度最多 {0} 個位元組"),
  OVER_BYTES("must be at most {0} bytes of UTF-8", "以 UTF-8 編碼最多 {0} 個位元組"),
  OVER_CHARACTERS("must have at most {0} characters", "最多 {0} 個字元"),
  MUST_NOT_BE_EMPTY("must not be empty", "不可為空"),
  NOT_UNICODE("is not valid Unicode", "不是有效的 Unicode 文字"),
  CONTROL_CHARACTERS("must not have control characters", "不可包含控制字元"),
  NOT_A_STAGE_ARN("not the ARN of an IVS stage", "不是 IVS 舞台的 ARN"),
  MUST_BE_PARTICIPANT_ID(
      "must be 1 to 64 characters of a-z, A-Z, 0-9, _ or -", "必須是 1 到 64 個字元，限用 a-z、A-Z、0-9、_ 與 -"),
  MUST_BE_STAGE_NAME(
      "must be 1 to 128 letters, digits, - and _", "必須是 1 到 128 個字元，限用英文字母、數字、- 與 _"),
  MUST_BE_TAGS(
      "must be at most 40 strings by names without 'aws:' or 'fullhouse:'",
      "最多 40 個標籤，值必須是字串，名稱不可以 aws: 或 fullhouse: 開頭"),
  MUST_BE_TIME("must be a time such as {0}", "必須是時間，例如 {0}"),
  MUST_LIE_IN_FUTURE("must lie in the future", "必須是未來的時間"),
  MUST_BE_AFTER("must be after {0}", "必須晚於 {0}"),
  MUST_BE_CURSOR("must be the nextCursor of an earlier answer", "必須是先前回應中的 nextCursor"),
  MUST_BE_EVENT_ID("must be the id of an event of this stream", "必須是這個串流中某個事件的識別碼"),
  MUST_ASK_FOR_WEBSOCKET("must ask for a WebSocket", "必須要求升級連線"),
  MUST_AGREE("must be the same in body and query", "在請求內容與查詢參數中必須相同"),
  IMPOSSIBLE_IN_IVS("names a participant or user that IVS cannot have", "含有 IVS 不可能使用的參與者或使用者識別碼"),

  // Who asks.
  KEY_NEEDED("An API key is needed", "需要 API 金鑰"),
  KEY_UNKNOWN("This API key is not known", "API 金鑰不正確"),
  KEY_LACKS_SCOPE("This API key lacks the scope '{0}'", "這組 API 金鑰沒有「{0}」權限"),
  SEAT_OR_KEY_NEEDED("A seat or an API key is needed", "需要座位憑證或 API 金鑰"),
  SEAT_NOT_BEARER("A seat is sent as Bearer", "座位憑證必須以 Bearer 方式傳送"),
  SEAT_NOT_OURS("This is not a seat of ours", "座位憑證無效"),
  SEAT_EXPIRED("This seat has expired", "座位憑證已過期"),
  SEAT_OF_ANOTHER_BROADCAST("This seat is another broadcast's", "這張座位憑證屬於另一場直播"),
  SEAT_FOR_ANOTHER("The seat is for another {0}", "座位憑證中的 {0} 與請求不符"),
  SEATS_DIFFER("The body shows another seat than the header", "請求內容與標頭中的座位憑證不一致"),
  TICKET_NOT_GOOD("This ticket is none, or not good any more", "票證無效、已使用或已過期"),
  INTERNAL_SECRET("The internal secret is not set, or another", "內部密鑰未設定或不正確"),

  // Why a viewer is not seated.
  NOBODY_PUBLISHES("Nobody publishes", "目前沒有人在直播"),
  BROADCAST_ENDED("The broadcast has ended", "直播已經結束"),
  BANNED("This user is banned", "這位使用者已被封鎖"),
  DOORS_CLOSED("The doors are closed", "目前不開放入場"),
  NO_SUCH_VIEWER("No such viewer on this stage", "這個舞台上沒有這位觀眾"),
  SUPERSEDED("Another join of this user came in between", "同一位使用者已從別處加入"),
  FULL("Every seat is taken", "座位已滿"),
  FULL_AT_MAX_STAGES("Every seat of every stage allowed is taken", "舞台數已達上限，座位已滿"),
  FULL_AT_STAGE_QUOTA("Every seat is taken; the account has no more stages", "座位已滿，AWS 帳戶也無法再開設舞台"),
  FULL_WHILE_HELD("Every seat is taken; an operator holds the scaler", "座位已滿，且維運人員已暫停自動擴縮"),
  FULL_AT_REPLICA_LIMIT(
      "Every seat is taken; the publisher can be on no further stage", "座位已滿，主播也無法再同步到其他舞台"),
  FULL_AT_SUBSCRIPTION_QUOTA(
      "Every seat is taken that the account's quota allows", "AWS 帳戶配額內的座位已滿"),
  NO_STAGE_OPEN("No stage is open yet", "目前還沒有舞台開放"),
  ENDPOINTS_UNKNOWN("It is not known yet where the stage's clients connect", "尚未取得這個舞台的連線位址"),

  // Tokens.
  TOKEN_BUDGET_SPENT("More tokens are wanted than can be given", "權杖需求超過可發放的數量，請稍後再試"),
  NO_TOKEN_FROM_IVS("IVS gave no token", "IVS 未發放權杖"),
  TOKEN_NOT_SIGNED("The token could not be signed", "權杖簽署失敗"),
  NO_TOKEN_FOR_STAGE("No token could be made for this stage", "無法為這個舞台產生權杖"),
  NO_STAGE_FOR_SOURCE(
      "No stage is open for a further source yet; ask again when one is",
      "目前沒有舞台可供更多來源使用，請待新舞台開放後再試"),
  PUBLISH_WITH_OBS(
      "OBS 30 or newer: Settings, Stream, Service WHIP; Server {0}; Bearer Token: the token of this answer",
      "OBS 30 以上版本：「設定」→「串流」，服務選擇 WHIP；伺服器填入 {0}；Bearer 權杖填入本回應的 token"),
  PUBLISH_FROM_WEB(
      "Amazon IVS Web Broadcast SDK: new Stage(token, strategy), then stage.join()",
      "Amazon IVS Web Broadcast SDK：先以 new Stage(token, strategy) 建立，再呼叫 stage.join()"),

  // Stages, by hand.
  NO_SUCH_STAGE("No such stage", "沒有這個舞台"),
  NO_STAGE_REGISTERED("No stage is registered yet", "尚未登錄任何舞台"),
  MASTER_STAGE("The master stage is neither changed nor deleted", "主舞台不可變更或刪除"),
  SCALER_AT_IT("The scaler is at it, and brings it to its end", "擴縮服務正在執行，並會完成這項操作"),
  SCALER_SILENT(
      "No scaler answered in time; unless one is at it now, none will carry it out",
      "擴縮服務未在時限內回應；除非此刻已在執行，否則這項操作不會進行"),

  // Why the scaler does not do it, in its own words.
  COMMAND_TOO_LATE(CommandRefusal.TOO_LATE, "這項操作未能及時執行，也不會再執行"),
  COMMAND_UNKNOWN(CommandRefusal.UNKNOWN_COMMAND, "擴縮服務不支援這項操作"),
  COMMAND_AT_MAX_STAGES(CommandRefusal.AT_MAX_STAGES, "無法再增加舞台：已達 MAX_STAGES 上限"),
  COMMAND_AT_REPLICA_LIMIT(
      CommandRefusal.AT_REPLICA_LIMIT,
      "無法再增加舞台：主播可同步的舞台數已達上限（REPLICA_LIMIT），增加來源即可提高上限：publisher-all?sources=true"),
  COMMAND_AT_SUBSCRIPTION_QUOTA(
      CommandRefusal.AT_SUBSCRIPTION_QUOTA, "無法再增加舞台：再增加一個，滿座時就會超過 SUBSCRIPTION_BUDGET"),
  COMMAND_AT_STAGE_QUOTA(
      CommandRefusal.AT_STAGE_QUOTA, "無法再增加舞台：AWS 帳戶在此區域的舞台數已達上限（IVS_STAGES_PER_REGION）"),
  STAGE_REFUSED_BY_IVS(CommandRefusal.STAGE_REFUSED_BY_IVS, "IVS 未建立舞台：{0}"),
  STAGE_NOT_MADE(CommandRefusal.STAGE_NOT_MADE, "IVS 並未建立舞台"),
  STAGE_HAS_VIEWERS(CommandRefusal.STAGE_HAS_VIEWERS, "舞台上還有觀眾，請改用 drain=true 刪除"),
  RENAME_REFUSED_BY_IVS(CommandRefusal.RENAME_REFUSED_BY_IVS, "IVS 未變更舞台名稱：{0}"),
  NOT_PUBLISHING_THERE(CommandRefusal.NOT_PUBLISHING_THERE, "這位參與者並非來源舞台的已知主播"),
  FED_FROM_ITSELF(CommandRefusal.FED_FROM_ITSELF, "舞台不能以自己為來源"),
  STAGE_GOES(CommandRefusal.STAGE_GOES, "舞台正在清空或刪除"),
  HAS_OWN_PUBLISHER(CommandRefusal.HAS_OWN_PUBLISHER, "這個舞台已有自己的主播"),
  SOURCE_IS_FULL(CommandRefusal.SOURCE_IS_FULL, "來源舞台的主播可同步的舞台數已達上限"),
  NO_SUCH_REPLICATION(CommandRefusal.NO_SUCH_REPLICATION, "沒有這項同步"),
  NOT_REPLICATED_YET(CommandRefusal.NOT_REPLICATED_YET, "IVS 尚未同步，擴縮服務會繼續嘗試：{0}"),

  // What IVS says.
  NOT_ABOUT_A_STAGE("it is not about a stage", "這不是舞台事件"),
  NAMES_NO_STAGE("it is about no stage", "事件未指明舞台"),
  NOT_OUR_STAGE("the stage is not one of ours", "這不是我們的舞台"),
  NOT_A_KNOWN_PUBLISHER("the participant is not known to publish to that stage", "這位參與者並非該舞台的已知主播"),
  NO_PUBLISHER_CHANGED("it changes no publisher", "主播狀態沒有變化"),

  // The demo.
  NO_SUCH_PART("This page has no such part", "這個頁面沒有該檔案");

  private static final Pattern PLACE = Pattern.compile("\\{([0-9])}");

  private final String english;
  private final String traditionalChinese;
  private final int places;

  Phrase(String english, String traditionalChinese) {
    this.english = english;
    this.traditionalChinese = traditionalChinese;
    this.places =
        (int)
            Pattern.compile("\\{[0-9]}")
                .matcher(english)
                .results()
                .map(MatchResult::group)
                .distinct()
                .count();
  }

  /** As the scaler says it in English. */
  Phrase(CommandRefusal refusal, String traditionalChinese) {
    this(refusal.text(), traditionalChinese);
  }

  /**
   * With its places filled.
   *
   * @throws IllegalArgumentException when these are more or fewer
   */
  public Message with(Object... arguments) {
    return new Filled(this, List.of(arguments));
  }

  /** Of a phrase without places. */
  @Override
  public String in(Language language) {
    return new Filled(this, List.of()).in(language);
  }

  String text(Language language) {
    return switch (language) {
      case ENGLISH -> english;
      case TRADITIONAL_CHINESE -> traditionalChinese;
    };
  }

  int places() {
    return places;
  }

  String fill(Language language, List<String> arguments) {
    return PLACE
        .matcher(text(language))
        .replaceAll(
            place -> Matcher.quoteReplacement(arguments.get(Integer.parseInt(place.group(1)))));
  }
}
