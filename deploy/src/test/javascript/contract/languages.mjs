// The same answers in English and in Traditional Chinese.
import assert from "node:assert/strict";
import { call, get, post } from "./client.mjs";

const HAN = /\p{Script=Han}/u;
const TAIWAN = "zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7";

/** A call in both languages: the same but for the message, and each says which it is in. */
async function inBoth(method, path, options = {}) {
  const answers = [];
  for (const [language, tag] of [["en", "en"], [TAIWAN, "zh-Hant"]]) {
    const answer = await call(method, path, { ...options, headers: { "Accept-Language": language } });
    assert.equal(answer.headers["content-language"], tag, answer.what);
    assert.match(answer.headers.vary, /\bAccept-Language\b/, answer.what);
    answers.push(answer);
  }
  const [english, chinese] = answers;
  const rest = ({ status, error: { message, ...others } }) => ({ status, ...others });
  assert.deepEqual(rest(chinese), rest(english), chinese.what);
  assert.doesNotMatch(english.error.message, HAN, english.what);
  assert.match(chinese.error.message, HAN, chinese.what);
}

export async function messages_are_in_the_language_asked_for_and_codes_are_in_none() {
  await inBoth("GET", "/nope");
  await inBoth("PATCH", "/api/stats");
  await inBoth("GET", "/api/stats", { key: false });
  await inBoth("GET", "/api/stats", { key: process.env.JOIN_KEY });
  await inBoth("GET", "/api/stage/list?limit=0");
  await inBoth("POST", "/api/token/viewer", { body: { stageArn: "x", attributes: 1 } });
  await inBoth("POST", "/api/viewer/heartbeat", { key: false, seat: "v1.a.b.c" });
  await inBoth("POST", "/api/token/viewer", { body: "x".repeat(70_000) });
  await inBoth("POST", "/api/token/viewer", { body: "{}", type: "text/html" });
  await inBoth("DELETE", "/api/stage/unknown1");
}

export async function english_is_for_all_who_ask_for_nothing_that_is_there() {
  for (const language of ["", "de", "zh-CN,zh;q=0.9", "zh_TW", "zh-TW;q=2", "-", "en, zh-TW", "x".repeat(3000)]) {
    const answer = await get("/nope", { headers: { "Accept-Language": language } });
    assert.equal(answer.headers["content-language"], "en", language);
    assert.doesNotMatch(answer.error.message, HAN, language);
  }
}

export async function a_publisher_reads_in_its_language_how_to_publish() {
  const answer = await post("/api/token/publisher", { userId: "host" }, { headers: { "Accept-Language": "zh-Hant" } });
  assert.match(answer.data.instructions.obs, HAN, answer.what);
  assert.match(answer.data.instructions.web, HAN, answer.what);
}
