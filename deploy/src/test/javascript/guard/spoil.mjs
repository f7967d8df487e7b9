// What clients get wrong. Each takes a good request and chance, and changes the request.
import { createHmac } from "node:crypto";

const LONG = [200, 2000, 5000];
const STRANGE = [
  "",
  " ",
  "\u0000",
  "a\nb\r\nX-Injected: 1",
  "\u202e\u200b",
  "🎪".repeat(40),
  "\ud800",
  "../../etc/passwd",
  "'; DROP TABLE viewers; --",
  "<script>alert(1)</script>",
  "${jndi:ldap://x}",
  "ivs:prod:events",
  "{stageArn}",
  "null",
  "-1",
  "%00",
  "arn:aws:s3:::bucket",
  "arn:aws:ivs:us-east-1:123456789012:stage/Unknown1",
];
const NUMBERS = [0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, -(2 ** 63), 86401];
const OTHERS = [null, true, [], {}, [1, "a"], { a: { b: {} } }, ...NUMBERS];
const TARGETS = ["/", "/api", "/api/", "/nothing", "/api/nothing", "/favicon.ico", "/api/b/", "/API/stats", "/api/stats/viewer/increment"];
const ENCODINGS = ["%", "%Z", "%ZZ", "%C0%AF", "%FF", "%E2%82", "%u1234", "a%00b", "%2e%2e", "%2F", "%25ZZ", "%F0%9F%8E%AA"];
const TYPES = ["text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "application/json;charset=utf-16",
  "application/json; charset=UTF-8", "multipart/form-data; boundary=x", "garbage", "*/*", "application/vnd.api+json"];
const BODIES = ["", "{", "[]", '"text"', "null", "42", "{}{}", '{"userId":"a","userId":"b"}', "\ufeff{}", "{'a':1}", '{"a":NaN}',
  '{"a":'.repeat(300) + "1" + "}".repeat(300), `{"userId":"${"x".repeat(70_000)}"}`, `{"afterSeconds":${"9".repeat(400)}}`,
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])];
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"];
const LANGUAGES = ["zh-Hant", "zh-TW", "zh-Hant-HK;q=0.9, en;q=0.1", "en", "de, fr", "*", "zh;q=0", "", ";;;", "x".repeat(300), "zh-Hans, zh-Hant;q=0.5"];
const HEADERS = [
  ["accept", "text/html"],
  ["accept", "application/xml;q=1, */*;q=0"],
  ["accept", "garbage"],
  ["accept-encoding", "gzip"],
  ["accept-encoding", "br, zstd"],
  ["x-request-id", "spaces are not taken"],
  ["x-request-id", "x".repeat(300)],
  ["x-request-id", "own_1.2-3"],
  ["if-none-match", "*"],
  ["if-modified-since", "yesterday"],
  ["range", "bytes=0-1"],
  ["origin", "https://anywhere.example"],
  ["x-forwarded-for", "1.2.3.4, garbage"],
  ["x-http-method-override", "DELETE"],
  ["last-event-id", "0-0"],
  ["content-encoding", "gzip"],
  ["cookie", "a=b"],
];

function other(chance) {
  const kind = chance.weighed({ strange: 4, long: 1, other: 4 });
  if (kind === "strange") return chance.one(STRANGE);
  return kind === "long" ? "x".repeat(chance.one(LONG)) : structuredClone(chance.one(OTHERS));
}

const SPOILS = {
  field({ body }, chance) {
    const names = Object.keys(body ?? {});
    if (names.length > 0) body[chance.one(names)] = other(chance);
  },
  missing({ body }, chance) {
    const names = Object.keys(body ?? {});
    if (names.length > 0) delete body[chance.one(names)];
  },
  another(request, chance) {
    const names = ["userId", "stageArn", "seat", "participantId", "limit", "__proto__", "extra", "toString"];
    (request.body ??= {})[chance.one(names)] = other(chance);
  },
  body(request, chance) {
    request.raw = chance.one(BODIES);
  },
  type(request, chance) {
    if (chance.is(0.2)) delete request.headers["content-type"];
    else request.headers["content-type"] = chance.one(TYPES);
  },
  method(request, chance) {
    request.method = chance.one(METHODS);
  },
  path(request, chance) {
    const changes = {
      unknown: () => chance.one(TARGETS),
      slash: (path) => `${path}/`,
      double: (path) => path.replace("/", "//"),
      deeper: (path) => `${path}/more`,
      encoded: (path) => `${path.replace(/[^/]*$/, "")}${chance.one(ENCODINGS)}`,
      matrix: (path) => `${path};a=b`,
      long: (path) => `${path}/${"x".repeat(3000)}`,
      upper: (path) => path.toUpperCase(),
      letter: (path) => path.replace("s", "%73"),
    };
    request.path = changes[chance.one(Object.keys(changes))](request.path);
  },
  twin(request, chance) {
    request.path = request.path.replace(/^\/api\//, `/api/b/${chance.one(["main", "main", "other", "%00", "b", "MAIN"])}/`);
  },
  query(request, chance) {
    const names = ["limit", "cursor", "arn", "drain", "userId", "sources", "seat", "key", "", "__proto__"];
    const known = request.query.map(([name]) => name);
    const text = chance.is(0.3) ? chance.one(ENCODINGS) : encodeURIComponent(wellFormed(String(other(chance))));
    request.query.push([chance.one(known.length > 0 ? known : names), text]);
    if (chance.is(0.3)) request.query = [request.query.at(-1)];
  },
  proof(request, chance, { keys, secret }) {
    delete request.headers["x-api-key"];
    delete request.headers.authorization;
    const now = Math.floor(Date.now() / 1000);
    const claims = { broadcast: "other", user: "u", stage: "arn:aws:ivs:us-east-1:123456789012:stage/Unknown1", participant: "p",
      admission: "a", iat: now, exp: now + 60, tokenEnd: now + 60 };
    const shows = {
      nothing() {},
      key: () => (request.headers["x-api-key"] = chance.one([...keys, "wrong", "", "\u00ff", "x".repeat(4000)])),
      bearer: () => (request.headers.authorization = `Bearer ${chance.one(["x", "v1...", signed(claims, secret), keys[0]])}`),
      basic: () => (request.headers.authorization = chance.one(["Basic YTpi", "Bearer", "bearer  x", "\u00ff"])),
      secret: () => (request.headers["x-internal-secret"] = chance.one(["wrong", ""])),
    };
    shows[chance.one(Object.keys(shows))]();
  },
  seat({ body, headers }, chance) {
    const damaged = (seat) => seat.slice(0, chance.below(seat.length)) + chance.one(["", "A", "=", "."]) + seat.slice(chance.below(seat.length));
    if (typeof body?.seat === "string") body.seat = damaged(body.seat);
    if (headers.authorization) headers.authorization = `Bearer ${damaged(headers.authorization.slice(7))}`;
  },
  language({ headers }, chance) {
    headers["accept-language"] = chance.one(LANGUAGES);
  },
  header({ headers }, chance) {
    const [name, value] = chance.one(HEADERS);
    headers[name] = value;
  },
};

/** A half of a pair of surrogates cannot be percent-encoded. */
const wellFormed = (text) => text.replace(/[\ud800-\udfff]/gu, "?");

function signed(claims, [kid, secret]) {
  const text = `v1.${kid}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** Spoils it in one way, sometimes in two; answers which. Some of these leave it good. */
export function spoil(request, chance, credentials) {
  const ways = Array.from({ length: chance.is(0.2) ? 2 : 1 }, () => chance.one(Object.keys(SPOILS)));
  ways.forEach((way) => SPOILS[way](request, chance, credentials));
  return ways;
}
