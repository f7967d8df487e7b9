// Every example of the gateway's OpenAPI document: what it says of requests and answers fits its schemas, and the
// requests of its `x-walk` succeed one after the other.
import assert from "node:assert/strict";
import { Document } from "./document.mjs";

const { GATEWAY_URL, SIMULATOR_URL, API_KEY, INTERNAL_SECRET } = process.env;
const document = new Document(await (await fetch(`${GATEWAY_URL}/openapi.json`)).json());
const operations = Object.fromEntries(document.operations().map((each) => [each.said.operationId, each]));

/** The values of `example` and `examples` beside a schema, each checked. */
function fits({ example, examples = {} }, at, schema = `${at}/schema`) {
  const values = [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)];
  for (const value of values) assert.equal(document.misfit(schema, value), undefined, `${at}: ${JSON.stringify(value)}`);
  return values.length;
}

function contents({ content = {} }, at) {
  let found = 0;
  for (const [type, said] of Object.entries(content)) found += fits(said, `${at}/content/${type.replace("/", "~1")}`);
  return found;
}

let checked = 0;
for (const { said, at } of Object.values(operations)) {
  if (said.requestBody) checked += contents(said.requestBody, `${at}/requestBody`);
  for (const [status, reference] of Object.entries(said.responses)) {
    const { value, at: place } = document.resolve(reference, `${at}/responses/${status}`);
    checked += contents(value, place);
  }
}

/** Each `examples` of a schema, too, wherever it stands. Only what is asked may have fields that nobody knows. */
function schemas(schema, at) {
  const open = [schema.type].flat().includes("object") && !("additionalProperties" in schema);
  assert(!open || /Request(\/|$)/.test(at), `${at} does not say that there is nothing else`);
  if (Array.isArray(schema.examples)) {
    for (const value of schema.examples) assert.equal(document.misfit(at, value), undefined, `${at}: ${JSON.stringify(value)}`);
    checked += schema.examples.length;
  }
  for (const [name, each] of Object.entries(schema.properties ?? {})) schemas(each, `${at}/properties/${name}`);
  if (schema.items) schemas(schema.items, `${at}/items`);
  for (const kinds of ["oneOf", "anyOf"]) schema[kinds]?.forEach((each, index) => schemas(each, `${at}/${kinds}/${index}`));
}
for (const [name, schema] of Object.entries(document.json.components.schemas)) schemas(schema, `#/components/schemas/${name}`);

/** `$step#/pointer` is a part of what an earlier step was answered. */
const answers = new Map();
function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
  const [, step, pointer] = /^\$([a-z-]+)#\/(.+)$/.exec(value) ?? [];
  return step ? pointer.split("/").reduce((part, key) => part[key], answers.get(step)) : value;
}

const proofs = { apiKey: { "X-API-Key": API_KEY }, internalSecret: { "x-internal-secret": INTERNAL_SECRET } };

async function take(request, tries = 3) {
  const { step, operation, with: parameters = {}, seat, body, text, status } = request;
  const { method, path, said } = operations[operation];
  const headers = seat ? { Authorization: `Bearer ${filled(seat)}` } : { ...proofs[Object.keys(said.security.find((way) => Object.keys(way).some((name) => proofs[name])) ?? {})[0]] };
  let target = path;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filled(parameters))) {
    if (path.includes(`{${name}}`)) target = target.replace(`{${name}}`, encodeURIComponent(value));
    else query.set(name, value);
  }
  if (body) headers["Content-Type"] = text ? "text/plain" : "application/json";
  const answer = await fetch(`${GATEWAY_URL}${target}${query.size > 0 ? `?${query}` : ""}`, {
    method,
    headers,
    body: body && JSON.stringify(filled(body)),
  });
  const endless = /^text\/event-stream/.test(answer.headers.get("content-type"));
  const content = endless ? await answer.body.cancel() : await answer.text();
  // A busy machine's 503 is asked again, as the client rules say.
  if (answer.status === 503 && tries > 1 && /Redis is not reachable/.test(content)) {
    await take(request, tries - 1);
    return;
  }
  assert(status.includes(answer.status), `${step}: ${method} ${target} -> ${answer.status} ${content}`);
  if (/^application\/json/.test(answer.headers.get("content-type"))) answers.set(step, JSON.parse(content));
  console.log(`${step}: ${answer.status}`);
}

async function steer(path, body) {
  const answer = await fetch(`${SIMULATOR_URL}/_sim${path}`, { method: "POST", body: JSON.stringify(body) });
  assert(answer.ok, `${path}: ${await answer.text()}`);
}

for (const step of document.json["x-walk"]) {
  await take(step);
  if (step.operation === "tokenPublisher") {
    const { token, stageArn, participantId } = answers.get(step.step).data;
    await steer("/connect", { token });
    await steer("/publish", { stageArn, participantId });
  }
}
assert(checked > 200, `${checked} examples`);
console.log(`all of it: ${checked} examples fit, ${document.json["x-walk"].length} requests`);
process.exit(0); // connections are kept
