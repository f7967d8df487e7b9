// What needs no key, and what is not there.
import assert from "node:assert/strict";
import { call, del, get, KEY, newUser, ok, post, refused } from "./client.mjs";
import { ROUTES } from "./routes.mjs";

const HEALTH = {
  status: "string",
  uptime: "number",
  environment: "string",
  version: "string",
  services: { redis: "string", aws: { region: "string", stageConfigured: "boolean" } },
  memory: "object",
};

export async function health() {
  for (const path of ["/health", "/api/health"]) {
    const data = ok(await get(path, { key: false }), HEALTH);
    assert.equal(data.services.redis, "connected");
  }
  for (const path of ["/health/live", "/health/ready"]) {
    ok(await get(path, { key: false }), { status: "string" });
  }
}

export async function the_index_lists_every_route() {
  const data = ok(await get("/", { key: false }), {
    service: "string",
    version: "string",
    status: "string",
    endpoints: "array",
  });
  const listed = data.endpoints.map((endpoint) => endpoint.replace(/\{[^}]+\}/g, "{}"));
  for (const { method, path } of ROUTES) {
    assert(listed.includes(`${method} ${path.replace(/\{[^}]+\}/g, "{}")}`), `${method} ${path} is not listed`);
  }
}

export async function what_is_not_there_is_404() {
  const gone = ["/api/stats/viewer/increment", "/api/stats/viewer/decrement", "/api/nothing", "/nothing", "/api"];
  for (const path of gone) {
    refused(await post(path, {}), "NOT_FOUND");
    refused(await post(path, {}, { key: false }), "NOT_FOUND");
  }
}

export async function a_request_id_is_taken_or_made() {
  const own = { headers: { "X-Request-Id": "from-the-client_1.2" } };
  ok(await get("/api/stats", own));
  refused(await get("/api/nothing", own), "NOT_FOUND");
  const strange = await get("/api/stats", { headers: { "x-request-id": "spaces are not taken" } });
  assert.notEqual(strange.headers["x-request-id"], "spaces are not taken");
}

export async function seat_routes_are_open_to_every_page_and_others_to_none() {
  const Origin = "https://anywhere.example";
  const asks = { Origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };
  for (const path of ["/api/viewer/heartbeat", "/api/viewer/leave", "/api/viewer/rejoin", "/api/ticket"]) {
    const preflight = await call("OPTIONS", path, { key: false, headers: asks });
    assert.equal(preflight.status, 204, preflight.what);
    assert.equal(preflight.headers["access-control-allow-origin"], "*");
    assert.match(preflight.headers["access-control-allow-headers"], /\bAuthorization\b/i);
    assert.equal(preflight.headers["access-control-max-age"], "7200");
    assert.equal(preflight.headers["access-control-allow-credentials"], undefined);
    const asked = await post(path, {}, { key: false, headers: { Origin } });
    refused(asked, "UNAUTHORIZED");
    assert.equal(asked.headers["access-control-allow-origin"], "*", asked.what);
    const exposed = asked.headers["access-control-expose-headers"].split(/,\s*/);
    assert(["Retry-After", "X-Request-Id"].every((name) => exposed.includes(name)), asked.what);
    assert(exposed.some((name) => name.startsWith("RateLimit-")), asked.what);
  }
  for (const { method, path } of ROUTES.filter((route) => route.scope && !path_of_a_seat(route))) {
    const headers = { ...asks, "Access-Control-Request-Method": method };
    const preflight = await call("OPTIONS", path, { key: false, headers });
    assert.equal(preflight.headers["access-control-allow-origin"], undefined, preflight.what);
  }
}

const path_of_a_seat = ({ path }) => /\/(viewer\/(heartbeat|leave|rejoin)|ticket)$/.test(path);

export async function the_same_routes_are_there_under_the_name_of_the_broadcast() {
  const named = ok(await get("/api/b/main/stats"));
  assert.equal(named.broadcast, "main");
  refused(await post("/api/b/main/token/viewer", {}), "VALIDATION_ERROR", { missingFields: ["userId"] });
  refused(await post("/api/b/main/viewer/heartbeat", {}, { key: false }), "UNAUTHORIZED");
  const page = { Origin: "https://anywhere.example", "Access-Control-Request-Method": "POST" };
  const preflight = await call("OPTIONS", "/api/b/main/viewer/leave", { key: false, headers: page });
  assert.equal(preflight.headers["access-control-allow-origin"], "*", preflight.what);
  refused(await get("/api/b/other/stats"), "NOT_FOUND");
  refused(await post("/api/b/other/token/viewer", { userId: newUser() }), "NOT_FOUND");
  refused(await get("/api/b/main/b/main/stats"), "NOT_FOUND");
  refused(await get("/api/b/main/nothing"), "NOT_FOUND");
  refused(await del("/api/b/", undefined, { key: KEY }), "NOT_FOUND");
}
