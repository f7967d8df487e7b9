// The numbers as they change: the event stream, the WebSocket, and the tickets that let browsers in.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { bySeat, call, del, fits, gateway, get, KEY, newUser, ok, post, refused, until } from "./client.mjs";
import { STATS, stats } from "./stages.mjs";
import { join, leave } from "./viewers.mjs";

const TICKET = { ticket: "string", expiresAt: "time", expiresIn: "integer" };
const STAGE_EVENT = { type: "string", stageArn: "arn", timestamp: "time" };
const UPDATE = {
  totalViewers: "integer",
  viewerCount: "integer",
  activeStages: "integer",
  isPublisherLive: "boolean",
  timestamp: "time",
};

const ticket = async () => ok(await post("/api/ticket"), TICKET).ticket;

/** Reads an event stream as the HTML standard says. */
function watch(path, headers = {}) {
  const stream = { events: [], retry: 0, status: 0 };
  const sent = request({ host: gateway.hostname, port: gateway.port, path, headers }, (answer) => {
    stream.status = answer.statusCode;
    stream.type = answer.headers["content-type"];
    let rest = "";
    answer.setEncoding("utf8").on("data", (text) => {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) take(block.split("\n"));
    });
    answer.on("error", () => {});
  });
  const take = (lines) => {
    const event = {};
    for (const line of lines) {
      const [name, value] = line.split(/: (.*)/s);
      if (name === "retry") stream.retry = Number(value);
      else if (name) event[name] = value;
    }
    if (event.data) stream.events.push({ ...event, data: JSON.parse(event.data) });
  };
  sent.on("error", () => {});
  sent.end();
  stream.close = () => sent.destroy();
  stream.named = (name) => stream.events.filter(({ event }) => event === name);
  stream.numbers = () => stream.named("stats").at(-1)?.data;
  return stream;
}

export async function an_event_stream_shows_numbers_and_stages_as_they_change() {
  const stream = watch("/api/stats/stream", { "X-API-Key": KEY });
  const first = await until("the numbers come at once", () => stream.numbers());
  await until("whoever left before is gone", () => stream.numbers().totalViewers === 0);
  assert.equal(stream.type, "text/event-stream;charset=utf-8");
  assert(stream.retry > 0);
  fits(first, STATS, "an event");
  assert.deepEqual(Object.keys(first), Object.keys(await stats()));

  const { seat } = await join(newUser());
  await until("a join is shown", () => stream.numbers().totalViewers === 1);
  await leave(seat);
  await until("a leave is shown", () => stream.numbers().totalViewers === 0);

  const { stageArn } = ok(await post("/api/stage", { name: "live-room" }), null, 201);
  const of = (type) => stream.named("stage").find(({ data }) => data.stageArn === stageArn && data.type === type);
  await until("the stage is created", () => of("created"));
  const seen = of("created").id;
  ok(await del(`/api/stage/${encodeURIComponent(stageArn)}`));
  await until("the stage is deleted", () => of("deleted"));
  stream.named("stage").forEach(({ data }) => fits(data, STAGE_EVENT, "a stage event"));
  await until("the numbers follow", () => stream.numbers().stages.every((stage) => stage.stageArn !== stageArn));
  stream.close();

  const again = watch(`/api/stats/stream?lastEventId=${seen}&ticket=${await ticket()}`);
  await until("the numbers come again", () => again.numbers());
  const types = again.named("stage").map(({ data }) => data.type);
  assert(types.includes("deleted") && !types.includes("created"), types.join());
  assert.equal(again.events.at(-1).event, "stats");
  again.close();
}

export async function a_ticket_is_good_once_and_never_without_one() {
  const { seat } = await join(newUser());
  const text = { key: false, type: "text/plain;charset=UTF-8", body: { seat } };
  const given = ok(await call("POST", "/api/ticket", text), TICKET);
  assert.equal(given.expiresIn, 60);
  const stream = watch(`/api/stats/stream?ticket=${given.ticket}`);
  await until("a ticket opens the stream", () => stream.numbers());
  stream.close();
  for (const path of ["/api/stats/stream", "/ws"]) {
    const headers = path === "/ws" ? { Upgrade: "websocket", Connection: "Upgrade" } : {};
    const used = await call("GET", `${path}?ticket=${given.ticket}`, { key: false, headers });
    refused(used, "UNAUTHORIZED", { reason: "TICKET_INVALID" });
    refused(await call("GET", path, { key: false, headers }), "UNAUTHORIZED");
  }
  refused(await get("/api/stats/stream?lastEventId=yesterday"), "VALIDATION_ERROR", { invalidFields: ["lastEventId"] });
  refused(await get("/ws"), "VALIDATION_ERROR", { invalidFields: ["Upgrade"] });
  ok(await bySeat("leave", seat));
}

/** A WebSocket of text frames shorter than 64 KiB: RFC 6455 as far as it is needed here. */
async function socket(path) {
  const messages = [];
  const connection = await new Promise((resolve, reject) => {
    const key = randomBytes(16).toString("base64");
    const headers = { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Version": 13, "Sec-WebSocket-Key": key };
    const sent = request({ host: gateway.hostname, port: gateway.port, path, headers });
    sent.on("upgrade", (answer, raw, head) => {
      raw.unshift(head);
      resolve(raw);
    });
    sent.on("response", (answer) => reject(new Error(`no upgrade: ${answer.statusCode}`)));
    sent.on("error", reject);
    sent.end();
  });
  let bytes = Buffer.alloc(0);
  connection.on("error", () => {});
  connection.on("data", (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (;;) {
      if (bytes.length < 2) return;
      const short = bytes[1] & 0x7f;
      const start = short === 126 ? 4 : 2;
      if (bytes.length < start) return;
      const length = short === 126 ? bytes.readUInt16BE(2) : short;
      if (bytes.length < start + length) return;
      if ((bytes[0] & 0x0f) === 1) messages.push(JSON.parse(bytes.subarray(start, start + length).toString()));
      bytes = bytes.subarray(start + length);
    }
  });
  return {
    messages,
    named: (type) => messages.filter((message) => message.type === type),
    send(message) {
      const payload = Buffer.from(JSON.stringify(message));
      assert(payload.length < 126);
      const mask = randomBytes(4);
      const masked = payload.map((byte, i) => byte ^ mask[i % 4]);
      connection.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, masked]));
    },
    close: () => connection.destroy(),
  };
}

export async function a_socket_speaks_as_the_express_service_did() {
  const client = await socket(`/ws?ticket=${await ticket()}`);
  client.send({ type: "subscribe", channel: "stats" });
  client.send({ action: "subscribe", channel: "stages" });
  await until("both are confirmed", () => client.named("subscribed").length === 2);
  assert.deepEqual(client.named("subscribed").map(({ channel }) => channel), ["stats", "stages"]);
  const first = await until("the numbers come at once", () => client.named("stats_update")[0]);
  const viewers = () => client.named("stats_update").at(-1).totalViewers;
  await until("whoever left before is gone", () => viewers() === 0);
  fits(first, UPDATE, "stats_update");

  const { seat } = await join(newUser());
  await until("a join is shown", () => viewers() === 1);
  await leave(seat);
  const { stageArn } = ok(await post("/api/stage", { name: "socket-room" }), null, 201);
  ok(await del(`/api/stage/${encodeURIComponent(stageArn)}`));
  for (const type of ["stage_created", "stage_deleted"]) {
    const told = await until(type, () => client.named(type).find((message) => message.stageArn === stageArn));
    fits(told, { stageArn: "arn", timestamp: "time" }, type);
  }
  client.send({ type: "subscribe", channel: "gossip" });
  const { error } = await until("a channel that is none is an error", () => client.named("error")[0]);
  assert.equal(error.code, "VALIDATION_ERROR");
  client.close();
}
