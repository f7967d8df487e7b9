// REQUESTS made by chance (SEED) of a gateway, behind a proxy that holds every answer against its OpenAPI document. A
// few answers that are not in it end this with status 1.
import { Agent, request as httpRequest } from "node:http";
import { Document } from "./document.mjs";
import { Lane } from "./lane.mjs";
import { asCurl, startProxy } from "./proxy.mjs";

const { GATEWAY_URL, API_KEY, STATS_KEY, JOIN_KEY, INTERNAL_SECRET, SEAT_SECRET } = process.env;
const requests = Number(process.env.REQUESTS);
const seed = Number(process.env.SEED);
const LANES = 8;
const MOST = 5;

const document = new Document(await (await fetch(`${GATEWAY_URL}/openapi.json`)).json());
const proxy = await startProxy(GATEWAY_URL, document);
const { hostname, port } = new URL(proxy.url);
const agent = new Agent({ keepAlive: true });
const credentials = { keys: [API_KEY, STATS_KEY, JOIN_KEY], internal: INTERNAL_SECRET, secret: SEAT_SECRET.split(":") };

/** What a schema cannot say: fields that depend on others, on the time or on what was answered before. */
const DEPENDS = {
  viewerHeartbeat: ["userId", "stageArn"],
  viewerLeave: ["userId", "stageArn"],
  viewerRejoin: ["userId", "stageArn", "participantId"],
  moderationUnban: ["userId"],
  moderationBan: ["until"],
  moderationBans: ["cursor"],
  peopleList: ["cursor"],
  replicationStart: ["destinationStageArn"], // not the source
  scalerFloor: ["until"],
  socketUpgrade: ["Upgrade"], // by headers that are the connection's
};

function send({ method, target, headers, text, spoilt, operation }) {
  const length = text === undefined && method === "GET" ? {} : { "content-length": Buffer.byteLength(text ?? "") };
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ agent, hostname, port, method, path: target, headers: { ...headers, ...length } }, (answer) => {
      const told = { status: answer.statusCode, headers: answer.headers };
      if (/^text\/event-stream/.test(answer.headers["content-type"])) {
        answer.on("error", () => {}).destroy(); // it would never end
        resolve(told);
        return;
      }
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const body = Buffer.concat(parts).toString();
        const json = /^application\/json/.test(answer.headers["content-type"]) && body.startsWith("{") ? JSON.parse(body) : undefined;
        if (!spoilt && operation) good(operation, { method, target, headers, body: text }, { ...told, body, json });
        resolve({ ...told, json });
      });
    });
    asked.on("error", (error) => {
      if (proxy.broken.length > 0) resolve({ status: 0 });
      else reject(new Error(`${error.message}: ${asCurl(GATEWAY_URL, { method, target, headers, body: text })}`));
    });
    asked.end(text);
  });
}

/** A request that the document allows must not be called wrong. */
function good(operation, request, answer) {
  if (![400, 405, 413, 415].includes(answer.status)) return;
  const { missingFields = [], invalidFields = [], viewerCount } = answer.json?.error.details ?? {};
  const blamed = [...missingFields, ...invalidFields];
  const explained = blamed.every((field) => DEPENDS[operation]?.includes(field));
  if (viewerCount || (explained && blamed.length > 0)) return;
  proxy.broken.push({ request: asCurl(GATEWAY_URL, request), answer, rules: [`${operation} documents that it takes this`] });
}

let left = requests;
async function run(lane) {
  while (left > 0 && proxy.broken.length < MOST) {
    left--;
    await lane.step();
  }
  if (proxy.broken.length < MOST) await lane.end();
}

const lanes = Array.from({ length: LANES }, (_, index) => new Lane(document, `r${seed}-${index}`, seed * LANES + index, send, credentials));
await Promise.all(lanes.map(run));

console.log(JSON.stringify(Object.fromEntries([...proxy.seen].sort())));
for (const { request, answer, rules } of proxy.broken) {
  console.log(`SEED=${seed}: ${rules.join("; ")}\n${request}\n${answer.status} ${JSON.stringify(answer.headers)}\n${answer.body.slice(0, 3000)}`);
}
if (proxy.broken.length === 0) console.log(`all of it: ${requests} requests, seed ${seed}`);
process.exit(proxy.broken.length === 0 ? 0 : 1);
