// What watchers cost a gateway: its processor time under the same load with none and with many of them, in turn.
//   GATEWAY_PID=… node watchers.mjs [watchers=2000] [seconds=20] [rounds=2]
// against a system that runs without rate limits (deploy/README.md); Linux, as it reads /proc. GATEWAY_URL and API_KEY
// default to those of `deploy/bin/up`. Heartbeats: 500 a second; ten changes of the counts a second at most.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";

const [WATCHERS = 2000, SECONDS = 20, ROUNDS = 2] = process.argv.slice(2).map(Number);
const gateway = new URL(process.env.GATEWAY_URL ?? "http://127.0.0.1:3000");
const key = process.env.API_KEY ?? "dev-key";
const pid = process.env.GATEWAY_PID;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const VIEWERS = 200;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function post(path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = { agent, host: gateway.hostname, port: gateway.port, method: "POST", path, headers };
    const sent = request({ ...options, headers: { "Content-Type": "application/json", ...headers } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, json: JSON.parse(text) }));
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

/** Asks for a token; for 30 seconds at most, as places and the publisher may have to be waited for. */
async function token(kind, userId) {
  for (let left = 60; ; left--) {
    const { status, json } = await post(`/api/token/${kind}`, { userId }, { "X-API-Key": key });
    if (status === 200) return json.data;
    if (left === 0) throw new Error(`no ${kind} token: ${JSON.stringify(json.error)}`);
    await pause(500);
  }
}

/** User and system time of the gateway so far, in ms: ticks of 10 ms. */
function processorTime() {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

let received = 0;
function watch() {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(gateway.port), gateway.hostname, () =>
      socket.write(`GET /api/stats/stream HTTP/1.1\r\nHost: ${gateway.host}\r\nX-API-Key: ${key}\r\n\r\n`),
    );
    socket.once("data", () => resolve(socket));
    socket.on("data", (bytes) => (received += bytes.length));
    socket.on("error", reject);
  });
}

await token("publisher", "load");
const seats = [];
for (let i = 0; i < VIEWERS; i++) seats.push((await token("viewer", `load-${i}`)).seat);
let beats = 0;
let stopped = false;
const start = performance.now();
const beating = (async () => {
  for (let due = 0; !stopped; due++) {
    const early = start + due * 20 - performance.now();
    if (early > 0) await pause(early);
    for (let i = 0; i < 10; i++) {
      post("/api/viewer/heartbeat", { seat: seats[(due * 10 + i) % VIEWERS] }).then(() => beats++, () => {});
    }
  }
})();
const changing = (async () => {
  for (let i = 0; !stopped; i = (i + 1) % VIEWERS) {
    await post("/api/viewer/leave", { seat: seats[i] });
    await pause(100);
    seats[i] = (await token("viewer", `load-${i}`)).seat;
    await pause(100);
  }
})();

async function measure(what) {
  await pause(2000);
  const from = { cpu: processorTime(), at: performance.now(), beats, received };
  await pause(SECONDS * 1000);
  const wall = performance.now() - from.at;
  const cpu = (100 * (processorTime() - from.cpu)) / wall;
  const rate = ((beats - from.beats) * 1000) / wall;
  const bytes = (received - from.received) / wall;
  console.log(`${what}: ${cpu.toFixed(1)} % of a processor, ${rate.toFixed(0)} beats/s, ${bytes.toFixed(0)} kB/s to watchers`);
  return { cpu, perBeat: cpu / rate };
}

await measure("warm up");
const sums = { none: 0, many: 0 };
for (let round = 0; round < ROUNDS; round++) {
  sums.none += (await measure("no watchers")).cpu;
  const watchers = [];
  for (let i = 0; i < WATCHERS; i += 50) {
    watchers.push(...(await Promise.all(Array.from({ length: 50 }, watch))));
  }
  sums.many += (await measure(`${watchers.length} watchers`)).cpu;
  watchers.forEach((socket) => socket.destroy());
}
const more = (sums.many - sums.none) / ROUNDS;
console.log(`${WATCHERS} watchers add ${more.toFixed(1)} % of a processor: ${(sums.many / sums.none).toFixed(2)} times the load without`);
stopped = true;
await Promise.all([beating, changing]);
process.exit(0);
