// A client that knows the public contract alone. Whatever it calls, it checks what every answer has in common.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

export const gateway = new URL(process.env.GATEWAY_URL);
export const KEY = process.env.API_KEY;
const simulator = process.env.SIMULATOR_URL;
const [KID, SECRET] = process.env.SEAT_SECRET.split(":");
const agent = new Agent({ keepAlive: true });
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const CODES = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  STAGE_FULL: 503,
  STAGE_LIMIT_REACHED: 503,
  TOKEN_GENERATION_FAILED: 502,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_ERROR: 500,
};

/** Sends what is given, to the byte. */
function send(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { agent, host: gateway.hostname, port: gateway.port, method, path, headers };
    const sent = request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/**
 * One call: `key` (false for none), `seat` as bearer, `body` as JSON or, when it is text already, as it is.
 * What every answer must have is checked here. A busy machine's 503 is asked again, as the client rules say.
 */
export async function call(method, path, options = {}) {
  for (let tries = 0; ; tries++) {
    const answer = await callOnce(method, path, options);
    if (tries === 3 || !/Redis is not reachable/.test(answer.error?.message)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function callOnce(method, path, { key = KEY, seat, body, type, headers = {} }) {
  const all = { ...headers };
  if (key) all["X-API-Key"] = key;
  if (seat) all.Authorization = `Bearer ${seat}`;
  const content = body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  if (content !== undefined) all["Content-Type"] = type ?? "application/json";
  if (content !== undefined || method !== "GET") all["Content-Length"] = Buffer.byteLength(content ?? "");
  const answer = await send(method, path, all, content);
  answer.what = `${method} ${path.slice(0, 200)} -> ${answer.status} ${answer.text.slice(0, 500)}`;
  envelope(answer, method, path, all);
  return answer;
}

function envelope(answer, method, path, sent) {
  const { status, headers, what } = answer;
  assert.match(headers["x-request-id"] ?? "", /^[A-Za-z0-9._-]{1,64}$/, what);
  if (sent["X-Request-Id"]) assert.equal(headers["x-request-id"], sent["X-Request-Id"], what);
  const statistics = status < 400 && /^\/api\/(b\/[^/]+\/)?stats/.test(path);
  if (!statistics) assert.equal(headers["cache-control"], "no-store", what);
  if (status === 204 || method === "HEAD") return;
  assert.match(headers["content-type"] ?? "", /^application\/json(;\s*charset=utf-8)?$/i, what);
  const json = JSON.parse(answer.text);
  assert.match(json.timestamp, TIME, what);
  assert(Math.abs(Date.parse(json.timestamp) - Date.now()) < 60_000, what);
  assert.equal(json.success, status < 400, what);
  answer.data = json.data;
  answer.error = json.error;
  if (json.success) {
    assert.deepEqual(Object.keys(json).filter((name) => name !== "message"), ["success", "data", "timestamp"], what);
  } else {
    assert.deepEqual(Object.keys(json), ["success", "error", "timestamp"], what);
    refusal(answer, sent);
  }
}

function refusal({ status, headers, error, text, what }, sent) {
  assert.equal(CODES[error.code], status, what);
  assert(error.message.length > 0, what);
  assert.doesNotMatch(text, /Exception|io\.fullhouse|\bat [a-z.]+\(|java\./, what);
  for (const secret of [sent["X-API-Key"], sent.Authorization?.slice(7), SECRET]) {
    assert(!secret || !text.includes(secret), what);
  }
  if (status === 429 || status === 503) {
    assert.match(headers["retry-after"] ?? "", /^[1-9]\d*$/, what);
  }
  if (headers["retry-after"]) {
    assert.equal(error.details.retryAfterSeconds, Number(headers["retry-after"]), what);
  }
  if (error.code === "VALIDATION_ERROR" && !("viewerCount" in (error.details ?? {}))) {
    const { missingFields, invalidFields } = error.details;
    assert(Array.isArray(missingFields) && Array.isArray(invalidFields), what);
    assert(missingFields.length + invalidFields.length > 0, what);
  }
}

export const get = (path, more) => call("GET", path, more);
export const post = (path, body, more) => call("POST", path, { body, ...more });
export const put = (path, body, more) => call("PUT", path, { body, ...more });
export const del = (path, body, more) => call("DELETE", path, { body, ...more });

/** For the viewer itself: what it holds is its seat, and a page sends it as text. */
export const bySeat = (act, seat, more = {}) =>
  call("POST", `/api/viewer/${act}`, { key: false, type: "text/plain;charset=UTF-8", body: { seat, ...more } });

/**
 * The data of a success. `shape` names the fields of the contract in their order, each with its type: string, number,
 * integer, boolean, time, arn, array, object, null or several by `|`; a list has one shape of all members. A name that
 * ends in ? may be missing.
 */
export function ok(answer, shape, status = 200) {
  assert.equal(answer.status, status, answer.what);
  if (shape) fits(answer.data, shape, answer.what);
  return answer.data;
}

export function fits(value, shape, what) {
  if (Array.isArray(shape)) {
    assert(Array.isArray(value), what);
    value.forEach((member) => fits(member, shape[0], what));
  } else if (typeof shape === "object") {
    assert(value && typeof value === "object" && !Array.isArray(value), what);
    const names = Object.keys(shape).map((name) => name.replace(/\?$/, ""));
    const present = Object.keys(value).filter((name) => names.includes(name));
    assert.deepEqual(present, names.filter((name) => present.includes(name)), `the order of the fields: ${what}`);
    for (const [name, type] of Object.entries(shape)) {
      const field = name.replace(/\?$/, "");
      if (field in value) fits(value[field], type, `${field}: ${what}`);
      else assert(name.endsWith("?"), `${field} is missing: ${what}`);
    }
  } else {
    assert(shape.split("|").some((type) => TYPES[type](value)), `${shape}: ${what}`);
  }
}

const TYPES = {
  string: (value) => typeof value === "string" && value.length > 0,
  text: (value) => typeof value === "string",
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isSafeInteger(value) && value >= 0,
  boolean: (value) => typeof value === "boolean",
  time: (value) => typeof value === "string" && TIME.test(value),
  arn: (value) => typeof value === "string" && /^arn:aws:ivs:[a-z0-9-]+:\d{12}:stage\/[A-Za-z0-9]+$/.test(value),
  array: Array.isArray,
  object: (value) => value !== null && typeof value === "object",
  null: (value) => value === null,
};

/** An error as the contract lists it; `details` are those that must be there. */
export function refused(answer, code, details = {}) {
  assert.equal(answer.error?.code, code, answer.what);
  for (const [name, value] of Object.entries(details)) {
    assert.deepEqual(answer.error.details?.[name], value, answer.what);
  }
  return answer.error.details ?? {};
}

/** A seat as the gateway itself would sign it: only whoever has the secret can. */
export function signed(claims, { kid = KID, secret = SECRET } = {}) {
  const text = `v1.${kid}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

export const claimsOf = (seat) => JSON.parse(Buffer.from(seat.split(".")[2], "base64url").toString());

export async function steer(path, body) {
  const answer = await fetch(`${simulator}/_sim${path}`, { method: "POST", body: JSON.stringify(body) });
  const json = await answer.json();
  assert(answer.ok, `${path}: ${JSON.stringify(json)}`);
  return json;
}

export async function clearFaults() {
  await fetch(`${simulator}/_sim/faults`, { method: "DELETE" });
}

/** Waits for what will be true. */
export async function until(what, check, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await check();
    if (found) return found;
    assert(Date.now() < end, `not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let names = 0;

/** A user nobody had before. */
export const newUser = () => `user-${++names}`;
