// The collection that Postman's own converter makes of the OpenAPI document, by the command of api-gateway/API.md: it has
// every operation, with a proof that is filled in once, and each of its requests is understood.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sdk from "postman-collection";

const { GATEWAY_URL, API_KEY, INTERNAL_SECRET, FOLDER } = process.env;
const [source, target] = ["openapi.json", "fullhouse.postman_collection.json"].map((name) => join(FOLDER, name));
const text = await (await fetch(`${GATEWAY_URL}/openapi.json`)).text();
writeFileSync(source, text);
const options = "parametersResolution=Example,folderStrategy=Tags";
const made = spawnSync("node_modules/.bin/openapi2postmanv2", ["-s", source, "-o", target, "-O", options], { encoding: "utf8" });
assert.equal(made.status, 0, made.stdout + made.stderr);

const collection = new sdk.Collection(JSON.parse(readFileSync(target, "utf8")));
const missing = new Set(
  Object.entries(JSON.parse(text).paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)),
);
const requests = [];
collection.forEachItem((item) => requests.push(item.request));
for (const request of requests) {
  const path = `/${request.url.path.map((part) => part.replace(/^:(.+)/, "{$1}")).join("/")}`;
  assert(missing.delete(`${request.method} ${path}`), `${request.method} ${path} is there without an operation, or twice`);
}
assert.deepEqual([...missing], [], "operations that the collection lacks");

const values = new sdk.VariableScope([{ key: "baseUrl", value: GATEWAY_URL }, { key: "apiKey", value: API_KEY }]);

function proof(auth) {
  const given = Object.fromEntries((auth?.parameters().all() ?? []).map(({ key, value }) => [key, value]));
  if (auth?.type === "bearer") return { Authorization: "Bearer v1.no.seat.yet" };
  if (auth?.type !== "apikey" || given.in === "query") return {};
  return { [given.key]: given.key === "x-internal-secret" ? INTERNAL_SECRET : given.value.replace("{{apiKey}}", API_KEY) };
}

for (const request of requests) {
  const url = request.url.toString().replace(/\{\{(\w+)\}\}/g, (_, name) => values.get(name));
  const path = request.url.variables.reduce((whole, { key, value }) => whole.replace(`:${key}`, encodeURIComponent(value)), url);
  const body = request.body?.raw;
  const answer = await fetch(path, {
    method: request.method,
    headers: { ...Object.fromEntries(request.headers.map(({ key, value }) => [key, value])), ...proof(request.auth) },
    body: body || undefined,
  });
  const told = /^text\/event-stream/.test(answer.headers.get("content-type")) ? await answer.body.cancel() : await answer.text();
  assert(![405, 415].includes(answer.status), `${request.method} ${path} ${body}: ${answer.status} ${told}`);
}

/** What the requests closed, ended or held. */
const undone = [["DELETE", "/broadcast/end"], ["PUT", "/doors", { open: true }], ["PUT", "/scaler/mode", { mode: "auto" }],
  ["PUT", "/scaler/floor", { seats: 0 }], ["DELETE", "/viewer/ban?userId=troll"], ["POST", "/token/publisher", { userId: "anna" }]];
for (const [method, path, body] of undone) {
  const headers = { "X-API-Key": API_KEY, "Content-Type": "application/json" };
  const answer = await fetch(`${GATEWAY_URL}/api${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert(answer.ok, `${method} ${path}: ${await answer.text()}`);
}
console.log(`all of it: ${requests.length} requests`);
process.exit(0); // connections are kept
