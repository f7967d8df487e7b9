// What every route refuses, whatever it does otherwise.
import assert from "node:assert/strict";
import { call, get, ok, post, refused } from "./client.mjs";
import { ROUTES } from "./routes.mjs";

const STATS_KEY = process.env.STATS_KEY;
const JOIN_KEY = process.env.JOIN_KEY;

/** Braces are not of a path: whoever is not let in learns nothing of what it names. */
const asked = (path) => path.replace(/\{.*\}/, "unknown1");

export async function without_a_good_key_nobody_gets_in() {
  for (const { method, path, fields } of ROUTES) {
    const body = fields && {};
    refused(await call(method, asked(path), { key: false, body }), "UNAUTHORIZED");
    refused(await call(method, asked(path), { key: "not-a-key", body }), "UNAUTHORIZED");
    refused(await call(method, asked(path), { key: "x".repeat(4000), body }), "UNAUTHORIZED");
  }
}

export async function a_key_without_the_scope_is_told_which_one_it_lacks() {
  for (const { method, path, scope, fields } of ROUTES) {
    const key = scope === "stats" ? JOIN_KEY : STATS_KEY;
    refused(await call(method, asked(path), { key, body: fields && {} }), "FORBIDDEN", { scope });
  }
  ok(await get("/api/stats", { key: STATS_KEY }));
}

export async function missing_fields_are_all_named() {
  for (const { method, path, fields } of ROUTES.filter((route) => route.fields?.length > 0)) {
    for (const body of [{}, undefined, ""]) {
      refused(await call(method, asked(path), { body }), "VALIDATION_ERROR", { missingFields: fields, invalidFields: [] });
    }
    const wrong = Object.fromEntries(fields.map((field) => [field, { not: "this" }]));
    const details = refused(await call(method, asked(path), { body: wrong }), "VALIDATION_ERROR");
    assert.deepEqual([...details.invalidFields].sort(), [...fields].sort(), path);
  }
}

export async function what_is_no_json_object_is_refused() {
  const bodies = [
    "{",
    "[]",
    '"text"',
    "null",
    "42",
    '{"userId":"a","userId":"b"}',
    '{"userId":"a"} more',
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    '{"a":'.repeat(200) + "1" + "}".repeat(200),
    `{"userId":${"9".repeat(500)}}`,
  ];
  for (const { method, path } of ROUTES.filter((route) => route.fields)) {
    for (const body of bodies) {
      refused(await call(method, asked(path), { body }), "VALIDATION_ERROR", { invalidFields: ["body"] });
    }
  }
}

export async function a_large_body_and_another_kind_of_body_are_refused() {
  const large = `{"userId":"${"x".repeat(70_000)}"}`;
  for (const { method, path, text } of ROUTES.filter((route) => route.fields)) {
    refused(await call(method, asked(path), { body: large }), "PAYLOAD_TOO_LARGE");
    for (const type of ["application/xml", "application/x-www-form-urlencoded", "text/html"]) {
      refused(await call(method, asked(path), { body: "{}", type }), "UNSUPPORTED_MEDIA_TYPE");
    }
    refused(await call(method, asked(path), { body: "{}", type: "application/json;charset=utf-16" }), "UNSUPPORTED_MEDIA_TYPE");
    if (!text) refused(await call(method, asked(path), { body: "{}", type: "text/plain" }), "UNSUPPORTED_MEDIA_TYPE");
  }
}

export async function another_method_is_refused() {
  const methods = ["GET", "POST", "PUT", "DELETE", "PATCH"];
  for (const path of ["/api/token/viewer", "/api/viewer/heartbeat", "/api/doors", "/api/stats", "/api/scaler/mode"]) {
    const known = ROUTES.filter((route) => route.path === path).map((route) => route.method);
    for (const method of methods.filter((each) => !known.includes(each))) {
      const answer = await call(method, path);
      refused(answer, "METHOD_NOT_ALLOWED");
      known.forEach((allowed) => assert(answer.headers.allow.includes(allowed), answer.what));
    }
  }
  const head = await call("HEAD", "/api/stats");
  assert.equal(head.status, 200);
}

export async function wrong_percent_encoding_is_refused_and_what_is_unknown_is_not_found() {
  const places = ["stats/stages/", "stage/", "stage/replication/status/", "viewer/list/", "viewer/history/"];
  for (const path of ["%", "%Z", "%ZZ", "%C0%AF", "%FF", "%E2%82", "%u1234", "a%00b"]) {
    for (const before of [...places.map((place) => `/api/${place}`), "/"]) {
      refused(await get(before + path), "VALIDATION_ERROR");
    }
    if (path !== "a%00b") refused(await get(`/api/stats/stages?arn=${path}`), "VALIDATION_ERROR");
  }
  const odd = ["ivs:prod:events", "..", "%2e%2e", "%2F", "a%2Fb%2Fc", "%25ZZ", "x".repeat(2000), "%F0%9F%8E%AA", "*", "a;b=c"];
  for (const path of odd) {
    const answer = await get(`/api/stats/stages/${path}`);
    assert([400, 404].includes(answer.status), answer.what);
    assert([400, 404].includes((await get(`/api/stage/${path}`)).status), path);
  }
  refused(await get("/api/stats/stages?arn=nothing"), "VALIDATION_ERROR", { invalidFields: ["arn"] });
  refused(await get(`/api/stats/stages?arn=arn:aws:ivs:us-east-1:123456789012:stage/Unknown1`), "NOT_FOUND");
}

export async function bad_numbers_and_flags_of_a_query_are_refused() {
  for (const limit of ["0", "-1", "x", "1.5", "99999999999999999999"]) {
    refused(await get(`/api/stage/list?limit=${limit}`), "VALIDATION_ERROR", { invalidFields: ["limit"] });
    refused(await get(`/api/scaler/decisions?limit=${limit}`), "VALIDATION_ERROR", { invalidFields: ["limit"] });
  }
  refused(await get("/api/scaler/decisions?cursor=never"), "VALIDATION_ERROR", { invalidFields: ["cursor"] });
  refused(await call("DELETE", "/api/stage/unknown1?drain=perhaps"), "VALIDATION_ERROR", { invalidFields: ["drain"] });
}

export async function ids_that_are_none_are_refused() {
  for (const userId of ["", "x".repeat(1000), "a\nb", 7, true, ["a"]]) {
    refused(await post("/api/token/viewer", { userId }), "VALIDATION_ERROR", { invalidFields: ["userId"] });
  }
  for (const stageArn of ["", "Master", "arn:aws:s3:::bucket", "ivs:prod:events"]) {
    refused(await post("/api/token/viewer", { userId: "u", stageArn }), "VALIDATION_ERROR", { invalidFields: ["stageArn"] });
  }
  for (const attributes of ["text", [], { a: 1 }, { a: "x".repeat(1025) }]) {
    refused(await post("/api/token/viewer", { userId: "u", attributes }), "VALIDATION_ERROR", {
      invalidFields: ["attributes"],
    });
  }
  refused(await post("/api/token/viewer", { stageArn: "x", attributes: 1 }), "VALIDATION_ERROR", {
    missingFields: ["userId"],
    invalidFields: ["stageArn", "attributes"],
  });
}
